import type { Template } from '../expr/value.ts'
import type { BodyContext, FenceBody } from './fence-body.ts'
import { parseBodyCondition, parseBodyTemplate, readFenceBody } from './fence-body.ts'
import type { Findings } from './findings.ts'
import { dropAbsent } from './inherited-options.ts'
import { findLanguageProblem } from './languages.ts'
import type { Mark, MarksContext } from './marks.ts'
import type { Expectation, Fence, FenceOptions, FenceVerb, InheritedOptions } from './model.ts'
import type { OptionValues } from './option-table.ts'
import { readOptions } from './read-options.ts'

export type FenceMark = Extract<Mark, { kind: 'fence' }>

/** Polling period when only a deadline is written; often enough to watch, seldom enough not to burden a host. */
export const DEFAULT_EVERY_MS = 5000
export const DEFAULT_FAIL_CODES: readonly number[] = [1]
export const DEFAULT_HTTP_STATUS = 200

/** Builds a fence from its mark; what its step hands down is applied. */
export function buildFence(mark: FenceMark, inherited: InheritedOptions, context: MarksContext): Fence {
  const { source, findings } = context
  const { info, node } = mark
  const verb = verbOf(mark)
  const at = source.positionAt(info.at)
  reportLanguage(mark, context)
  const values = readOptions(wordsOf(mark), { source, findings, place: verb, language: info.language })
  const body = readFenceBody(node, source, context.closed.has(node))
  if (body.text.trim() === '' && verb !== 'file' && verb !== 'fixture')
    findings.add('HR7005', at, {
      message: `the \`${info.verb}\` is empty`,
      hint: 'write what it runs, or remove it',
    })
  if ((info.verb === 'edit' || info.verb === 'file') && !wordsOf(mark).some((word) => word.name === 'path'))
    findings.add('HR6203', at, {
      message: `the \`${info.verb}\` does not say which file`,
      hint: 'add path=…',
    })
  if (values.on !== undefined && (info.language !== 'http' || values.on.tree.kind !== 'local')) {
    const message = '`on` on a fence is only `on=local`, for `http`'
    findings.add('HR6105', at, { message, hint: 'write `on` in the options of the step' })
  }
  return {
    verb,
    language: info.language,
    body: parseBody(body, { source, findings, literal: values.literal === true }, info.language),
    span: spanOfNode(mark, context),
    bodySpan: body.span,
    options: buildFenceOptions(values, inherited),
    expectations: [],
  }
}

/** Builds an expectation from the mark of an `expect`. */
export function buildExpectation(mark: FenceMark, context: MarksContext): Expectation {
  const { source, findings } = context
  const { language } = mark.info
  reportLanguage(mark, context)
  const values = readOptions(wordsOf(mark), { source, findings, place: 'expect', language })
  const body = readFenceBody(mark.node, source, context.closed.has(mark.node))
  const bare = { source, findings, literal: values.literal === true }
  const byLanguage =
    language === 'json' ? 'json' : language === 'yaml' || language === 'yml' ? 'yaml' : 'text'
  return {
    match: values.match ?? byLanguage,
    stream: values.stream ?? 'stdout',
    wanted: parseBodyTemplate(body.text.replace(/\n$/, ''), body, bare),
    span: spanOfNode(mark, context),
  }
}

/** The verb of the model: a `file … temporary` is a fixture. */
export function verbOf(mark: FenceMark): FenceVerb {
  const { verb } = mark.info
  if (verb === 'file' && wordsOf(mark).some((word) => word.name === 'temporary')) return 'fixture'
  return verb === 'expect' ? 'check' : verb
}

function wordsOf(mark: FenceMark) {
  return [...(mark.comment?.words ?? []), ...mark.info.words]
}

function parseBody(body: FenceBody, context: BodyContext, language: string): Template {
  if (language === 'cel') return parseBodyCondition(body, context)
  return parseBodyTemplate(body.text, body, context)
}

function buildFenceOptions(values: OptionValues, inherited: InheritedOptions): FenceOptions {
  return {
    ...dropAbsent({
      as: values.as ?? inherited.as,
      cwd: values.cwd,
      interpreter: values.interpreter,
      timeoutMs: values.timeout ?? inherited.timeoutMs,
      idleTimeoutMs: values['idle-timeout'] ?? inherited.idleTimeoutMs,
      reconnectMs: values.reconnect ?? inherited.reconnectMs,
      onTimeout: values['on-timeout'] ?? inherited.onTimeout,
      everyMs: values.every ?? (values.for === undefined ? undefined : DEFAULT_EVERY_MS),
      forMs: values.for,
      from: values.from,
      capture: values.capture,
      path: values.path,
      mode: values.mode,
      owner: values.owner,
      group: values.group,
      ca: values.ca,
      basic: values.basic,
      on: values.on?.tree.kind === 'local' ? ('local' as const) : undefined,
    }),
    interactive: values.interactive === true,
    repeatSafe: values.repeat === 'safe',
    when: values.when === undefined ? [] : [values.when],
    passes: values.passes ?? 1,
    warn: values.warn === true,
    fail: values.fail ?? DEFAULT_FAIL_CODES,
    status: values.status ?? DEFAULT_HTTP_STATUS,
  }
}

function reportLanguage(
  { info }: FenceMark,
  { source, findings }: { source: MarksContext['source']; findings: Findings },
) {
  const problem = findLanguageProblem(info.verb, info.language)
  if (problem === undefined) return
  const message = `\`${info.verb}\` does not go with \`${info.language}\``
  findings.add('HR6107', source.positionAt(info.at), { message, hint: problem })
}

function spanOfNode({ node }: FenceMark, { source }: MarksContext) {
  const { start, end } = node.position ?? { start: { offset: 0 }, end: { offset: 0 } }
  return source.spanOf(start.offset ?? 0, end.offset ?? 0)
}
