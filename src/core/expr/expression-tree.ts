import type { ASTNode } from '@marcbachmann/cel-js'
import { LINEAR_MATCHES } from './cel-environment.ts'

const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])

/** What a walk over a parsed expression finds. */
export type TreeFacts = {
  /** Names that it reads from the scope; variables of macros excluded. */
  readonly roots: ReadonlySet<string>
  /** Deepest nesting of loops (`map`, `filter`, …): the exponent of its running time. */
  readonly loopDepth: number
}

/**
 * Collects the names that an expression reads, and makes its `matches` calls linear-time (in place: the
 * library offers no way to replace a built-in function). Call it once, before the tree is evaluated.
 */
export function prepareTree(tree: ASTNode): TreeFacts {
  const roots = new Set<string>()
  const loopDepth = walk(tree, { roots, bound: new Set(), depth: 0 })
  return { roots, loopDepth }
}

type Walk = { readonly roots: Set<string>; readonly bound: ReadonlySet<string>; readonly depth: number }

function walk(node: ASTNode, state: Walk): number {
  if (node.op === 'id') {
    if (!state.bound.has(node.args)) state.roots.add(node.args)
    return state.depth
  }
  if (node.op === 'rcall') return walkCall(node, state)
  return childrenOf(node).reduce((deepest, child) => Math.max(deepest, walk(child, state)), state.depth)
}

function walkCall(node: ASTNode & { op: 'rcall' }, state: Walk): number {
  const [name, receiver, args] = node.args
  if (name === 'matches' && args.length === 1) (node.args as unknown[])[0] = LINEAR_MATCHES
  if (name === 'bind' && receiver.op === 'id' && receiver.args === 'cel') return walkBind(args, state)
  const variable = args[0]
  if (!MACROS.has(name) || variable?.op !== 'id')
    return [receiver, ...args].reduce((deepest, child) => Math.max(deepest, walk(child, state)), state.depth)
  const inner = { ...state, bound: new Set([...state.bound, variable.args]), depth: state.depth + 1 }
  const outside = walk(receiver, state)
  return args
    .slice(1)
    .reduce((deepest, child) => Math.max(deepest, walk(child, inner)), Math.max(outside, inner.depth))
}

function walkBind(args: readonly ASTNode[], state: Walk): number {
  const [variable, value, body] = args
  if (variable?.op !== 'id' || value === undefined || body === undefined) return state.depth
  const inner = { ...state, bound: new Set([...state.bound, variable.args]) }
  return Math.max(walk(value, state), walk(body, inner))
}

function childrenOf(node: ASTNode): ASTNode[] {
  const found: ASTNode[] = []
  const collect = (part: unknown): void => {
    if (Array.isArray(part)) for (const item of part) collect(item)
    else if (typeof part === 'object' && part !== null && 'op' in part) found.push(part as ASTNode)
  }
  collect(node.args)
  return found
}
