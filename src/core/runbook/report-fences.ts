import type { Template } from '../expr/value.ts'
import type { Findings } from './findings.ts'
import { suggestHint, suggestName } from '../base/suggest-name.ts'
import { BUILT_IN_LANGUAGES, DOCUMENTATION_LANGUAGES, literalStyleOf } from './languages.ts'
import type { Fence, Section } from './model.ts'
import { reportBodies } from './report-body.ts'
import { listFences } from './walk-runbook.ts'

const PROGRAM_VERBS: ReadonlySet<string> = new Set(['run', 'check', 'verify', 'require', 'undo'])

/** Reports what can only be told from all fences and the front matter: interpreters, captures, what stands in bodies. */
export function reportFences(
  sections: readonly Section[],
  interpreters: ReadonlyMap<string, Template>,
  findings: Findings,
): void {
  const captures = new Set<string>()
  for (const fence of listFences({ sections })) {
    if (PROGRAM_VERBS.has(fence.verb)) reportInterpreter(fence, interpreters, findings)
    reportStyle(fence, findings)
    reportBodies(fence, findings)
    const { capture } = fence.options
    if (capture === undefined) continue
    if (captures.has(capture)) {
      const message = `two probes capture under the name \`${capture}\``
      findings.add('HR6209', fence.span.start, { message, hint: 'choose another name' })
    }
    captures.add(capture)
  }
}

function reportInterpreter(
  fence: Fence,
  interpreters: ReadonlyMap<string, Template>,
  findings: Findings,
): void {
  const written = fence.options.interpreter
  const at = fence.span.start
  if (written !== undefined && !interpreters.has(written.toLowerCase()) && written !== 'sh') {
    const hint = suggestHint(written, interpreters.keys()) ?? 'add it to `interpreters:` in the front matter'
    findings.add('HR6108', at, { message: `there is no interpreter \`${written}\``, hint })
  }
  const { language } = fence
  if (written !== undefined || interpreters.has(language) || BUILT_IN_LANGUAGES.has(language)) return
  if (DOCUMENTATION_LANGUAGES.has(language)) return
  const isShell = literalStyleOf(language, fence.verb) === 'sh'
  const near = suggestName(language, [...BUILT_IN_LANGUAGES, ...interpreters.keys()])
  const add = `add interpreters: { ${language || 'LANGUAGE'}: COMMAND } to the front matter`
  const hint = isShell ? 'write `sh`' : near === undefined ? add : `did you mean \`${near}\`?`
  findings.add('HR6108', at, { message: `nothing here runs \`${language}\``, hint })
}

function reportStyle(fence: Fence, findings: Findings): void {
  if (fence.language === 'cel' || literalStyleOf(fence.language, fence.verb) !== undefined) return
  const expression = fence.body.parts.find((part) => part.kind === 'expression')
  if (expression?.kind !== 'expression') return
  const message = `values cannot be written into \`${fence.language}\``
  const hint =
    'add `literal` and remove the expressions, or write the values into a `file` that the program reads'
  findings.add('HR6215', expression.span.start, { message, hint })
}
