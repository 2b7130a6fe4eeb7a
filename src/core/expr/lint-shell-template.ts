import type { Diagnostic } from '../base/diagnostic.ts'
import { formatCodePoint, isDroppableCharacter, isHiddenCharacter } from '../base/hidden-characters.ts'
import { diagnosticAt, positionAt } from '../base/place.ts'
import { SHELL_PLACE_REASONS } from './literal/shell-literal.ts'
import { shellSecretProblem } from './place-secret.ts'
import { analyzeShell } from './shell-context.ts'
import type { ShellFinding } from './shell-model.ts'
import type { Expression, Template } from './value.ts'

/** What the lint of a shell body has to know. */
export type ShellLintOptions = {
  readonly file: string
  /** A probe's exit code is that of the last command of a pipeline: without an expectation it hides failures. */
  readonly probeWithoutExpect?: boolean
  /** Whether an expression gives a secret; see `secretExpressionTest`. */
  readonly isSecret?: (expression: Expression) => boolean
}

/** Finds what would go wrong in a shell body before any value is known. */
export function lintShellTemplate(template: Template, options: ShellLintOptions): readonly Diagnostic[] {
  const analysis = analyzeShell(template)
  const places = template.parts.flatMap((part, index) => {
    const context = analysis.contexts.get(index)
    if (part.kind !== 'expression' || context === undefined) return []
    const at = (code: string, reason: string) =>
      diagnosticAt(options.file, part.span.start, {
        code,
        message: `\`${part.expression.source}\` cannot stand here: ${reason}.`,
      })
    const place = context.kind === 'word' && context.command === 'eval' ? 'eval' : context.kind
    const reason = SHELL_PLACE_REASONS[place]
    if (reason !== undefined) return [at('HR1101', reason)]
    if (options.isSecret?.(part.expression) !== true) return []
    const problem = shellSecretProblem(context)
    return problem === undefined ? [] : [at('HR1009', problem)]
  })
  return [...places, ...lintText(template, analysis.findings, options)]
}

/** Finds control characters but tab and line break, and bidirectional and zero-width characters, in any body. */
export function lintHiddenCharacters(template: Template, file: string): readonly Diagnostic[] {
  const { source, span } = template
  return [...source.matchAll(SUSPECT)].flatMap((match) => {
    const codePoint = match[0].codePointAt(0)!
    const isControl = codePoint < 0xa0
    if (!isControl && (!isHiddenCharacter(codePoint) || isDroppableCharacter(codePoint))) return []
    const at = positionAt({ file, start: span.start }, source, match.index)
    return [
      diagnosticAt(file, at, {
        code: 'HR1105',
        message: `An invisible character ${formatCodePoint(codePoint)} stands here.`,
        hint: 'Delete it, or write it as an escape that the language knows.',
      }),
    ]
  })
}

/** Control characters but tab and line break, and everything beyond ASCII, to be looked at one by one. */
const SUSPECT = /[\u0000-\u0008\u000b-\u001f\u007f]|[^\u0000-\u007f]/gu

/** Tells whether an expression is one of these parameters and nothing else, the only way a secret is used. */
export function secretExpressionTest(names: ReadonlySet<string>): (expression: Expression) => boolean {
  return ({ source }) => {
    const match = /^\(*\s*(?:params\s*\.\s*)?([A-Za-z_]\w*)\s*\)*$|^params\[["'](\w+)["']\]$/.exec(
      source.trim(),
    )
    return match !== null && names.has(match[1] ?? match[2]!)
  }
}

const FINDINGS: {
  readonly [kind in Exclude<ShellFinding['kind'], 'pipeline'>]: {
    readonly code: string
    readonly severity: 'error' | 'warning'
    readonly message: (text: string) => string
    readonly hint: string
  }
} = {
  placeholder: {
    code: 'HR1103',
    severity: 'error',
    message: (text) => `\`${text}\` looks like a placeholder, but a shell redirects here.`,
    hint: 'Make it a parameter: {{ name }}; or quote it.',
  },
  typographic: {
    code: 'HR1104',
    severity: 'error',
    message: (text) => `\`${text}\` is a typographic character that a shell takes for plain text.`,
    hint: 'Write a straight quote, a hyphen or a plain blank; or put it into quotes.',
  },
  'ansi-quote': {
    code: 'HR1108',
    severity: 'error',
    message: () => "`$'…'` with a backslash is no POSIX sh: where it ends depends on the shell.",
    hint: 'Write printf, or plain quotes.',
  },
  unclosed: {
    code: 'HR1107',
    severity: 'warning',
    message: (text) => `\`${text}\` is never closed.`,
    hint: 'Close it; what follows is taken for text.',
  },
}

function lintText(
  template: Template,
  findings: readonly ShellFinding[],
  options: ShellLintOptions,
): readonly Diagnostic[] {
  const { source, span } = template
  const at = (offset: number) => positionAt({ file: options.file, start: span.start }, source, offset)
  const pipeline = findings.find((finding) => finding.kind === 'pipeline')
  const diagnostics = findings.flatMap((finding) => {
    if (finding.kind === 'pipeline') return []
    const { code, severity, message, hint } = FINDINGS[finding.kind]
    return [
      diagnosticAt(options.file, at(finding.offset), {
        code,
        severity,
        message: message(finding.text),
        hint,
      }),
    ]
  })
  if (pipeline !== undefined && options.probeWithoutExpect === true)
    diagnostics.push(
      diagnosticAt(options.file, at(pipeline.offset), {
        code: 'HR1106',
        severity: 'warning',
        message:
          'A pipeline ends with the exit code of its last command, so a failure before it is not seen.',
        hint: 'Add an expect fence, or test the output.',
      }),
    )
  return diagnostics
}
