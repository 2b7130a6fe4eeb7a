import type { Finding, LanguageEdit } from './edit-result.ts'
import { refuseEdit } from './edit-result.ts'
import type { MergeContext } from './merge-context.ts'
import { mergeFlowMap } from './merge-flow-map.ts'
import { isSameJsonScalar, parseJsonTree } from './parse-json-tree.ts'
import { applySplices, detectEol, lineAt } from './source-text.ts'
import { isDelete } from './tree.ts'
import type { TreeNode } from './tree.ts'

/** Merges wanted keys into a JSON text: objects merge, a list replaces the list, the text "!delete" removes a key. */
export function editJson(current: string | undefined, wanted: string): LanguageEdit {
  const findings = validateJson(wanted)
  if (findings.length > 0) return refuseEdit(current ?? '', findings)
  if (current === undefined || current.trim() === '') return editText(wanted, wanted)
  const bom = current.startsWith('\ufeff') ? '\ufeff' : ''
  const edited = editText(current.slice(bom.length), wanted)
  return { ...edited, text: bom + edited.text }
}

/** What is wrong with a wanted JSON text. */
export function validateJson(wanted: string): readonly Finding[] {
  const parsed = parseJsonTree(wanted)
  if (!parsed.isValid) {
    return [
      {
        code: 'HR3101',
        message: `the wanted JSON cannot be read: ${parsed.reason}`,
        line: lineAt(wanted, parsed.offset),
      },
    ]
  }
  if (parsed.root?.kind !== 'map')
    return [{ code: 'HR3102', message: 'the wanted JSON is not an object', line: 1 }]
  return validateTree(parsed.root, wanted)
}

function validateTree(node: TreeNode, wanted: string): readonly Finding[] {
  if (node.kind === 'list') {
    const deleting = node.items.find((item) => isDelete(item))
    if (deleting === undefined) return node.items.flatMap((item) => validateTree(item, wanted))
    return [
      {
        code: 'HR3104',
        message: '"!delete" stands for a key, not for an item of a list',
        line: lineAt(wanted, deleting.start),
      },
    ]
  }
  if (node.kind !== 'map') return []
  const seen = new Set<string>()
  return node.entries.flatMap((entry) => {
    const isTwice = seen.has(entry.key)
    seen.add(entry.key)
    if (!isTwice) return validateTree(entry.value, wanted)
    return [
      { code: 'HR3103', message: `"${entry.key}" is wanted twice`, line: lineAt(wanted, entry.keyStart) },
    ]
  })
}

function editText(current: string, wanted: string): LanguageEdit {
  const tree = parseJsonTree(current)
  const wantedTree = parseJsonTree(wanted)
  if (!tree.isValid) {
    const message = `the file cannot be read as JSON: ${tree.reason}`
    return refuseEdit(current, [{ code: 'HR3201', message, line: lineAt(current, tree.offset) }])
  }
  if (!wantedTree.isValid || wantedTree.root?.kind !== 'map') return refuseEdit(current, validateJson(wanted))
  if (tree.root?.kind !== 'map') {
    return refuseEdit(current, [{ code: 'HR3202', message: 'the file is not an object', line: 1 }])
  }
  const context: MergeContext = {
    language: 'json',
    current,
    wanted,
    eol: detectEol(current),
    isSameScalar: isSameJsonScalar,
    splices: [],
    findings: [],
    managed: [],
  }
  mergeFlowMap(context, { current: tree.root, wanted: wantedTree.root })
  if (context.findings.length > 0) return refuseEdit(current, context.findings)
  const text = applySplices(current, context.splices)
  const isReadable = parseJsonTree(text).isValid
  if (!isReadable)
    return refuseEdit(current, [{ code: 'HR3205', message: 'the edited file would be no JSON', line: 1 }])
  return { text, findings: [], managed: context.managed }
}
