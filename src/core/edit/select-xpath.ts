import { unescapeXml } from './parse-xml-tree.ts'
import type { XmlAttribute, XmlElement } from './parse-xml-tree.ts'

type Predicate =
  | { readonly kind: 'position'; readonly position: number }
  | { readonly kind: 'attribute' | 'child'; readonly name: string; readonly value: string }

type Step = { readonly isDeep: boolean; readonly name: string; readonly predicates: readonly Predicate[] }

/** A path of the supported subset: steps to an element and, at the end, perhaps an attribute of it. */
export type XPath = { readonly steps: readonly Step[]; readonly attribute?: string }

/** What a path selects. */
export type XmlPlace = { readonly element: XmlElement; readonly attribute?: XmlAttribute }

const STEP = /^(\/\/?)(\*|[^\s/[\]@*()='"]+)((?:\[[^\]"']*(?:"[^"]*"|'[^']*')?\s*\])*)/
const PREDICATE = /\[\s*(?:(\d+)|(@?)([^\s=\]"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'))\s*\]/y

/**
 * Reads a path of the subset: `/a/b`, `//a`, `*`, `[n]` (from 1, among the matches within one parent), `[@x='v']`,
 * `[a='v']` (text of a child), and at the end `/@x` or `/text()`. Undefined for anything else.
 */
export function parseXPath(source: string): XPath | undefined {
  let rest = source.replace(/\/text\(\)$/, '')
  const attribute = /\/@([^\s/[\]@*()='"]+)$/.exec(rest)
  if (attribute !== null) rest = rest.slice(0, attribute.index)
  const steps: Step[] = []
  while (rest !== '') {
    const match = STEP.exec(rest)
    const predicates = match === null ? undefined : parsePredicates(match[3] ?? '')
    if (match === null || predicates === undefined) return undefined
    steps.push({ isDeep: match[1] === '//', name: match[2] ?? '', predicates })
    rest = rest.slice(match[0].length)
  }
  if (steps.length === 0) return undefined
  return { steps, ...(attribute?.[1] === undefined ? {} : { attribute: attribute[1] }) }
}

/** All places that a path selects, in the order of the document; `root` is the document, not its first element. */
export function selectXPath(path: XPath, root: XmlElement, text: string): readonly XmlPlace[] {
  let elements: readonly XmlElement[] = [root]
  for (const step of path.steps)
    elements = [...new Set(elements.flatMap((element) => selectStep(step, element, text)))]
  if (path.attribute === undefined) return elements.map((element) => ({ element }))
  return elements.flatMap((element) =>
    element.attributes
      .filter((each) => each.name === path.attribute)
      .map((attribute) => ({ element, attribute })),
  )
}

function selectStep(step: Step, element: XmlElement, text: string): readonly XmlElement[] {
  let own = element.children.filter((child) => step.name === '*' || child.name === step.name)
  for (const predicate of step.predicates) {
    own = own.filter((child, index) => hasPredicate(predicate, { child, index, text }))
  }
  if (!step.isDeep) return own
  return element.children.flatMap((child) => [
    ...(own.includes(child) ? [child] : []),
    ...selectStep(step, child, text),
  ])
}

function hasPredicate(predicate: Predicate, at: { child: XmlElement; index: number; text: string }): boolean {
  const { child, index, text } = at
  if (predicate.kind === 'position') return predicate.position === index + 1
  if (predicate.kind === 'attribute') {
    const attribute = child.attributes.find((each) => each.name === predicate.name)
    return (
      attribute !== undefined && unescapeXml(text.slice(attribute.start, attribute.end)) === predicate.value
    )
  }
  return child.children.some((each) => {
    const content = unescapeXml(text.slice(each.contentStart ?? 0, each.contentEnd ?? 0))
    return each.name === predicate.name && each.children.length === 0 && content.trim() === predicate.value
  })
}

function parsePredicates(source: string): readonly Predicate[] | undefined {
  const predicates: Predicate[] = []
  PREDICATE.lastIndex = 0
  let at = 0
  while (at < source.length) {
    PREDICATE.lastIndex = at
    const match = PREDICATE.exec(source)
    if (match === null) return undefined
    const value = match[4] ?? match[5] ?? ''
    if (match[1] !== undefined) predicates.push({ kind: 'position', position: Number(match[1]) })
    else predicates.push({ kind: match[2] === '@' ? 'attribute' : 'child', name: match[3] ?? '', value })
    at += match[0].length
  }
  return predicates
}
