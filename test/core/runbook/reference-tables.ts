import { EDIT_LANGUAGES } from '../../../src/core/edit/apply-edit.ts'
import { RUNBOOK_CODES, severityOf } from '../../../src/core/runbook/codes.ts'
import type { RunbookCode } from '../../../src/core/runbook/codes.ts'
import { FRONT_MATTER_KEYS } from '../../../src/core/runbook/front-matter.ts'
import { PARAM_KEYS } from '../../../src/core/runbook/front-matter-params.ts'
import { PARAM_TYPES } from '../../../src/core/runbook/model.ts'
import type { OptionPlace, OptionSpec } from '../../../src/core/runbook/option-table.ts'
import { INHERITED_OPTIONS, OPTION_TABLE } from '../../../src/core/runbook/option-table.ts'

/** The parts of `docs/format.md` that follow from the code, by the name of their marker. */
export function buildReferenceTables(): { readonly [name: string]: string } {
  return {
    'front matter': table(
      ['Key', 'Meaning'],
      Object.entries(FRONT_MATTER_KEYS).map(([key, about]) => [code(key), about]),
    ),
    types: PARAM_TYPES.map(code).join(', '),
    'parameter keys': PARAM_KEYS.map(code).join(', '),
    'edit languages': EDIT_LANGUAGES.map(code).join(', '),
    options: table(
      ['Option', 'On', 'Value', 'Meaning'],
      Object.entries(OPTION_TABLE as { readonly [name: string]: OptionSpec<unknown> }).map(([name, spec]) => [
        code(name),
        describePlaces(spec),
        spec.kind.written,
        spec.about,
      ]),
    ),
    inherited: INHERITED_OPTIONS.map(code).join(', '),
    codes: table(
      ['Code', '', 'Finding'],
      RUNBOOK_CODES.map((page) => [page.code, severityOf(page.code as RunbookCode), page.title]),
    ),
  }
}

/** Replaces what stands between `<!-- generated: NAME -->` and `<!-- end -->` by the text of that name. */
export function fillInGenerated(document: string, parts: { readonly [name: string]: string }): string {
  return document.replaceAll(
    /(<!-- generated: ([a-z ]+) -->\n)[^]*?(<!-- end -->)/g,
    (whole, start: string, name: string, end: string) =>
      parts[name] === undefined ? whole : `${start}\n${parts[name]}\n\n${end}`,
  )
}

function describePlaces({ places, languages }: OptionSpec<unknown>): string {
  const has = (...wanted: OptionPlace[]): boolean => wanted.every((place) => places.includes(place))
  const out: string[] = places.filter(
    (place) => place === 'document' || place === 'phase' || place === 'step',
  )
  const rest = places.filter((place) => !out.includes(place))
  if (has('run', 'check', 'verify', 'require', 'undo', 'edit', 'file', 'fixture')) {
    out.push('fence')
    if (has('expect')) out.push('`expect`')
  } else if (languages !== undefined) out.push(`fence in ${languages.map(code).join(', ')}`)
  else if (has('document', 'run')) out.push('fence in `http`')
  else out.push(...rest.map((place) => (place === 'fixture' ? '`file … temporary`' : code(place))))
  return out.join(', ')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function code(text: string): string {
  return `\`${text}\``
}
