import type { Finding, LanguageEdit } from './edit-result.ts'
import { refuseEdit } from './edit-result.ts'
import { mergeBlockMap } from './merge-block-map.ts'
import type { MergeContext } from './merge-context.ts'
import { mergeFlowMap } from './merge-flow-map.ts'
import { isSameYamlScalar, parseYamlTree } from './parse-yaml-tree.ts'
import { applySplices, detectEol, lineAt } from './source-text.ts'
import { isDelete, isOnlyDeletes, isSameTree } from './tree.ts'
import type { MapNode, TreeNode } from './tree.ts'

/**
 * Merges wanted keys into a YAML text: maps merge, a list replaces the list, `!delete` removes a key.
 *
 * A new key goes behind its commented-out form if there is one, else to the end of its map. Only lines of what
 * differs change. The result is read again and compared; what cannot be edited safely is refused.
 */
export function editYaml(current: string | undefined, wanted: string): LanguageEdit {
  const findings = validateYaml(wanted)
  if (findings.length > 0) return refuseEdit(current ?? '', findings)
  if (current !== undefined) return editText(current, wanted)
  // A new file is the wanted text without what it would remove.
  return editText(wanted, wanted)
}

/** What is wrong with a wanted YAML text. */
export function validateYaml(wanted: string): readonly Finding[] {
  const parsed = parseYamlTree(wanted)
  if (!parsed.isValid) {
    return [
      {
        code: 'HR3101',
        message: `the wanted YAML cannot be read: ${parsed.reason}`,
        line: lineAt(wanted, parsed.offset),
      },
    ]
  }
  if (parsed.root?.kind !== 'map') {
    return [{ code: 'HR3102', message: 'the wanted YAML is not a map of keys and values', line: 1 }]
  }
  return validateTree(parsed.root, wanted)
}

function validateTree(node: TreeNode, wanted: string): readonly Finding[] {
  const line = lineAt(wanted, node.start)
  if (node.kind === 'alias' || node.isAnchored === true || (node.tag !== undefined && !isDelete(node))) {
    return [
      { code: 'HR3104', message: 'anchors, aliases and tags other than !delete cannot be wanted', line },
    ]
  }
  if (node.kind === 'list') {
    const isDeleting = node.items.find((item) => isDelete(item))
    if (isDeleting !== undefined) {
      return [
        {
          code: 'HR3104',
          message: '!delete stands for a key, not for an item of a list',
          line: lineAt(wanted, isDeleting.start),
        },
      ]
    }
    return node.items.flatMap((item) => validateTree(item, wanted))
  }
  if (node.kind !== 'map') return []
  const seen = new Set<string>()
  return node.entries.flatMap((entry) => {
    const entryLine = lineAt(wanted, entry.keyStart)
    const isTwice = seen.has(entry.key)
    seen.add(entry.key)
    if (isTwice) return [{ code: 'HR3103', message: `"${entry.key}" is wanted twice`, line: entryLine }]
    return validateTree(entry.value, wanted)
  })
}

function editText(current: string, wanted: string): LanguageEdit {
  const bom = current.startsWith('\ufeff') ? '\ufeff' : ''
  const body = current.slice(bom.length)
  const tree = parseYamlTree(body)
  const wantedTree = parseYamlTree(wanted)
  if (!tree.isValid) {
    const message = `the file cannot be read as YAML: ${tree.reason}`
    return refuseEdit(current, [{ code: 'HR3201', message, line: lineAt(body, tree.offset) }])
  }
  if (!wantedTree.isValid || wantedTree.root?.kind !== 'map') return refuseEdit(current, validateYaml(wanted))
  if (tree.root === undefined) return appendAll(current, wanted, wantedTree.root)
  if (tree.root.kind !== 'map') {
    return refuseEdit(current, [
      { code: 'HR3202', message: 'the file is not a map of keys and values', line: 1 },
    ])
  }
  const context = createContext(body, wanted)
  if (tree.root.isFlow) mergeFlowMap(context, { current: tree.root, wanted: wantedTree.root })
  else mergeBlockMap(context, { current: tree.root, wanted: wantedTree.root })
  if (context.findings.length > 0) return refuseEdit(current, context.findings)
  const text = applySplices(body, context.splices)
  const problem = verifyResult(text, tree.root, wantedTree.root)
  if (problem !== undefined) return refuseEdit(current, [{ code: 'HR3205', message: problem, line: 1 }])
  return { text: bom + text, findings: [], managed: context.managed }
}

function createContext(current: string, wanted: string): MergeContext {
  const eol = detectEol(current)
  return {
    language: 'yaml',
    current,
    wanted,
    eol,
    isSameScalar: isSameYamlScalar,
    splices: [],
    findings: [],
    managed: [],
  }
}

/** The file holds nothing but comments. */
function appendAll(current: string, wanted: string, root: MapNode): LanguageEdit {
  const cleaned = editText(wanted, wanted)
  if (isOnlyDeletes(root)) return { ...cleaned, text: current }
  const eol = detectEol(current)
  const separator = current === '' || current.endsWith('\n') || current === '\ufeff' ? '' : eol
  return { ...cleaned, text: current + separator + cleaned.text.replaceAll(/\r?\n/g, eol) }
}

/** Why the edited text is not what was meant: a guard against shapes of YAML that were not thought of. */
function verifyResult(text: string, before: MapNode, wanted: MapNode): string | undefined {
  const parsed = parseYamlTree(text)
  if (!parsed.isValid) return `the edited file would be no YAML: ${parsed.reason}`
  const root = parsed.root ?? { kind: 'map', isFlow: false, entries: [], start: 0, end: 0 }
  return isAsWanted(root, before, wanted)
    ? undefined
    : 'the file is laid out in a way that cannot be edited safely'
}

/** Whether `after` has what is wanted and, for all that is not, what `before` had. */
function isAsWanted(after: TreeNode, before: TreeNode | undefined, wanted: TreeNode): boolean {
  if (wanted.kind !== 'map' || isDelete(wanted)) return isSameTree(after, wanted, isSameYamlScalar)
  const entriesBefore = before?.kind === 'map' ? before.entries : []
  if (after.kind !== 'map') return isOnlyDeletes(wanted)
  const keys = new Set([...entriesBefore, ...wanted.entries, ...after.entries].map((entry) => entry.key))
  return [...keys].every((key) => {
    const find = (node: { readonly entries: MapNode['entries'] }) =>
      node.entries.find((entry) => entry.key === key)?.value
    const [now, was, want] = [find(after), find({ entries: entriesBefore }), find(wanted)]
    if (want === undefined) return now !== undefined && was !== undefined && isUntouched(now, was)
    if (now === undefined) return isOnlyDeletes(want)
    return isAsWanted(now, was, want)
  })
}

function isUntouched(now: TreeNode, was: TreeNode): boolean {
  if (now.kind === 'alias' || was.kind === 'alias') return now.kind === was.kind
  return now.kind === was.kind && now.end - now.start === was.end - was.start
}
