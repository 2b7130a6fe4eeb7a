import type { Yaml } from 'mdast'
import type { Parsed } from '../base/diagnostic.ts'
import type { Digest } from '../base/ids.ts'
import { buildContent } from './build-content.ts'
import { buildSections } from './build-sections.ts'
import { classifySections } from './classify-sections.ts'
import type { Findings } from './findings.ts'
import { buildFindings, hasUnreadWord, orderFindings } from './findings.ts'
import type { FrontMatter } from './front-matter.ts'
import { readFrontMatter } from './front-matter.ts'
import { dropAbsent, mergeInherited, selectInherited } from './inherited-options.ts'
import { reportFences } from './report-fences.ts'
import type { MarkdownTree } from './markdown.ts'
import { parseMarkdown } from './markdown.ts'
import type { MarksContext } from './marks.ts'
import { collectMarks, reportCommentsWithin } from './marks.ts'
import type { InheritedOptions, Runbook } from './model.ts'
import type { OptionName } from './option-table.ts'
import type { Outline } from './outline.ts'
import { buildOutline, readPlainText } from './outline.ts'
import { buildPlainSections, isMarked } from './plain-document.ts'
import { readOptions } from './read-options.ts'
import type { SourceText } from './source-text.ts'
import { buildSourceText } from './source-text.ts'

/** Largest runbook that is parsed, in UTF-16 units: a document for people is a hundredth of it. */
export const MAX_RUNBOOK_CHARACTERS = 5 * 1024 * 1024

/** Parses a Markdown document into a runbook. Never throws; what is wrong is in the diagnostics, in text order. */
export function parseRunbook(text: string, path: string, sha256: Digest): Parsed<Runbook> {
  const findings = buildFindings(path)
  const refusal = findRefusal(text)
  const source = buildSourceText(path, refusal === undefined ? text : '')
  const tree = refusal === undefined ? parseMarkdown(source.text) : undefined
  if (refusal !== undefined) findings.add(refusal.code, source.positionAt(0), refusal)
  else if (tree === undefined) {
    const message = 'the document is nested too deeply to be parsed'
    findings.add('HR5004', source.positionAt(0), { message, hint: 'remove the nesting' })
  }
  const value = buildRunbook(tree ?? EMPTY_TREE, { source, findings, sha256 })
  return { value, diagnostics: orderFindings(findings.list) }
}

const EMPTY_TREE: MarkdownTree = {
  root: { type: 'root', children: [] },
  fenced: new Set(),
  closed: new Set(),
}

type Refusal = {
  readonly code: 'HR5001' | 'HR5002' | 'HR5003'
  readonly message: string
  readonly hint: string
}

function findRefusal(text: string): Refusal | undefined {
  if (text.length > MAX_RUNBOOK_CHARACTERS)
    return {
      code: 'HR5001',
      message: 'the file is larger than 5 MB',
      hint: 'a runbook is a document for people: split it',
    }
  if (text.includes('\0'))
    return { code: 'HR5002', message: 'the file is not text', hint: 'give a Markdown file in UTF-8' }
  if (text.replace(/^\uFEFF/, '').trim() === '')
    return { code: 'HR5003', message: 'the file is empty', hint: 'start a runbook with `handrail new`' }
  return undefined
}

type Building = { readonly source: SourceText; readonly findings: Findings; readonly sha256: Digest }

function buildRunbook(tree: MarkdownTree, building: Building): Runbook {
  const { source, findings } = building
  const yaml = tree.root.children.find((node): node is Yaml => node.type === 'yaml')
  const front = readFrontMatter(yaml, building)
  const outline = buildOutline(tree.root)
  const heading = outline.titles[0]
  const written = heading === undefined ? '' : readPlainText(heading).trim()
  const title = front.title ?? (written === '' ? fileName(source.file) : written)
  const base = { path: source.file, sha256: building.sha256, text: source.text, title }
  const { version, tags, params, needs, interpreters } = front
  const rest = {
    ...base,
    version,
    tags,
    params,
    needs,
    interpreters,
    ...dropAbsent({ summary: front.summary }),
  }
  const context: MarksContext = { source, findings, fenced: tree.fenced, closed: tree.closed }
  if (version === undefined) return { ...rest, ...buildPlainParts(outline, context) }
  if (source.text !== '') reportTitles(outline, title, context)
  return { ...rest, ...buildMarkedParts(outline, front, context) }
}

function buildMarkedParts(outline: Outline, front: FrontMatter, context: MarksContext) {
  const { source, findings } = context
  for (const title of outline.titles) reportCommentsWithin(title, context)
  const { marks, comment } = collectMarks(outline.preamble, context)
  for (const mark of marks) {
    if (mark.kind !== 'fence' && mark.kind !== 'task') continue
    const at = source.positionAt(mark.node.position?.start.offset ?? 0)
    const message = 'something to do stands outside of a step'
    findings.add('HR5013', at, { message, hint: 'put a `##` heading above it' })
  }
  const own = readOptions(comment?.words ?? [], { ...context, place: 'document' })
  for (const name of Object.keys(own) as OptionName[]) {
    if (front.defaults[name] === undefined && !(name === 'window' && front.window !== undefined)) continue
    const at = source.positionAt(comment?.words.find((word) => word.name === name)?.at ?? 0)
    const message = `\`${name}\` is given in the front matter too`
    findings.add('HR6104', at, { message, hint: 'remove one of the two' })
  }
  const fromFront = mergeInherited(dropAbsent({ window: front.window }), selectInherited(front.defaults))
  const options: InheritedOptions = mergeInherited(fromFront, selectInherited(own))
  const classified = classifySections(outline.sections, context)
  const sections = buildSections(classified, options, context)
  reportFences(sections, front.interpreters, findings)
  if (classified.every((section) => section.kind === 'prose') && !hasUnreadWord(findings)) {
    const hint = 'mark a fence with a verb, or remove `handrail: 1`'
    findings.add('HR5019', source.positionAt(0), { message: 'the runbook holds no step', hint })
  }
  const preamble = buildContent(outline.preamble, marks, { source, indexOf: () => undefined })
  return { sections, preamble, ...dropAbsent({ window: options.window }) }
}

function buildPlainParts(outline: Outline, context: MarksContext) {
  const { sections, preamble, marks } = buildPlainSections(outline, context)
  const first = marks.find(isMarked)
  if (first !== undefined) {
    const at = context.source.positionAt(first.node.position?.start.offset ?? 0)
    const hint = 'begin the file with the lines `---`, `handrail: 1`, `---`'
    context.findings.add('HR5018', at, { message: 'marks in a document that is no runbook do nothing', hint })
  }
  return { sections, preamble }
}

function reportTitles({ titles }: Outline, title: string, { source, findings }: MarksContext): void {
  const [first, ...others] = titles
  const isUntitled = first === undefined && title === fileName(source.file)
  if (isUntitled || (first !== undefined && title === ''))
    findings.add('HR5010', source.positionAt(0), {
      message: 'the runbook has no title',
      hint: 'begin with `# Title`',
    })
  for (const other of others) {
    const at = source.positionAt(other.position?.start.offset ?? 0)
    findings.add('HR5011', at, { message: 'there is more than one title', hint: 'make this heading `##`' })
  }
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
