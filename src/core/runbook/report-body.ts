import { parseDocument } from 'yaml'
import { EDIT_LANGUAGES, validateWanted } from '../edit/apply-edit.ts'
import type { Template } from '../expr/value.ts'
import type { Findings } from './findings.ts'
import { literalStyleOf } from './languages.ts'
import type { Expectation, Fence } from './model.ts'
import { isRegularExpression } from './param-default.ts'

/** Reports what cannot be meant in a body and in what is expected of it; values stand as a sample. */
export function reportBodies(fence: Fence, findings: Findings): void {
  const isProgram = fence.verb !== 'edit' && fence.verb !== 'file' && fence.verb !== 'fixture'
  if (isProgram && literalStyleOf(fence.language, fence.verb) === 'sh') reportPrompt(fence, findings)
  if (fence.language === 'http' && isProgram) reportRequest(fence, findings)
  if (fence.verb === 'edit') reportWanted(fence, findings)
  for (const expectation of fence.expectations) reportExpectation(expectation, findings)
}

/** A text as it may look once values are filled in. */
export function fillInSample(template: Template, sample: string): string {
  return template.parts.map((part) => (part.kind === 'text' ? part.text : sample)).join('')
}

function reportPrompt({ body, bodySpan }: Fence, findings: Findings): void {
  const index = body.source.split('\n').findIndex((line) => line.startsWith('$ '))
  if (index === -1) return
  const { start } = bodySpan
  const message = 'a line begins with a prompt, which a shell takes for a program called `$`'
  const at = { ...start, line: start.line + index }
  findings.add('HR7004', at, { message, hint: 'remove `$ `; output goes into an `expect`' })
}

function reportWanted({ language, body, bodySpan: { start } }: Fence, findings: Findings): void {
  const known = EDIT_LANGUAGES.find((each) => each === language)
  if (known === undefined) return
  const found = validateWanted(known, fillInSample(body, '0'), findings.file)
  const indent = start.column - 1
  findings.addAll(
    found.map((each) => ({ ...each, line: start.line + each.line - 1, column: each.column + indent })),
  )
}

const REQUEST_LINE = /^[A-Z]+ (?:https?:\/\/)?[^\s/]\S*(?: HTTP\/1\.[01])?$/
const HEADER = /^[!#$%&'*+.^`|~\w-]+:/

function reportRequest({ body, bodySpan }: Fence, findings: Findings): void {
  const [first = '', ...rest] = fillInSample(body, 'x').split('\n')
  const end = rest.findIndex((line) => line.trim() === '')
  const header = rest.slice(0, end === -1 ? rest.length : end).findIndex((line) => !HEADER.test(line))
  const isRequest = REQUEST_LINE.test(first.trim())
  if (isRequest && header === -1) return
  const message = isRequest
    ? 'this line of the request is no header, and no empty line stands before it'
    : 'the first line is no request, such as `GET http://host:8080/health`'
  const { start } = bodySpan
  const at = { ...start, line: start.line + (isRequest ? header + 1 : 0) }
  findings.add('HR6213', at, { message, hint: 'write a request line, headers, an empty line, and a body' })
}

function reportExpectation({ match, wanted, span }: Expectation, findings: Findings): void {
  if (match === 'regex' && !isRegularExpression(fillInSample(wanted, 'x')))
    findings.add('HR6210', wanted.span.start, {
      message: 'the regular expression cannot be used',
      hint: 'RE2 has no look-around and no back-references',
    })
  if (match !== 'json' && match !== 'yaml') return
  const problem = findDataProblem(match, fillInSample(wanted, '0'))
  if (problem === undefined) return
  const message = `the expectation is not valid ${match === 'json' ? 'JSON' : 'YAML'}: ${problem}`
  findings.add('HR6214', span.start, { message, hint: 'correct it, or compare it as text with match=text' })
}

function findDataProblem(match: 'json' | 'yaml', text: string): string | undefined {
  if (match === 'yaml') return parseDocument(text, { prettyErrors: false }).errors[0]?.message.split('\n')[0]
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
