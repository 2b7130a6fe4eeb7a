import type { Diagnostic, Parsed } from '../base/diagnostic.ts'
import { hasErrors } from '../base/diagnostic.ts'
import { decodeUtf8 } from '../base/utf8.ts'
import { EDIT_CODES } from './edit-codes.ts'
import { editCrontab, validateCrontab } from './edit-crontab.ts'
import { editIni, validateIni } from './edit-ini.ts'
import { editJson, validateJson } from './edit-json.ts'
import { editProperties, validateProperties } from './edit-properties.ts'
import { refuseEdit } from './edit-result.ts'
import type { EditLanguage, Finding, LanguageEdit, ManagedKey } from './edit-result.ts'
import { editXml, validateXml } from './edit-xml.ts'
import { editYaml, validateYaml } from './edit-yaml.ts'

export { EDIT_LANGUAGES } from './edit-result.ts'
export type { EditLanguage, ManagedKey } from './edit-result.ts'

export type EditRequest = {
  readonly language: EditLanguage
  /** Path of the file, for diagnostics. */
  readonly path: string
  /** Text of the file as it is; undefined if there is none. */
  readonly current: string | undefined
  /** The body of the fence, expressions filled in. */
  readonly wanted: string
}

/** `text` is what to write; it equals `current` if nothing has to change, or if there is an error. */
export type EditResult = {
  readonly text: string
  readonly changed: boolean
  readonly managed: readonly ManagedKey[]
}

/** Codes whose finding does not stop the edit. */
const WARNINGS: ReadonlySet<string> = new Set(['HR3106', 'HR3208'])

type Language = {
  readonly edit: (current: string | undefined, wanted: string) => LanguageEdit
  readonly validate: (wanted: string) => readonly Finding[]
}

const LANGUAGES: Readonly<Record<EditLanguage, Language>> = {
  yaml: { edit: editYaml, validate: validateYaml },
  json: { edit: editJson, validate: validateJson },
  properties: { edit: editProperties, validate: validateProperties },
  ini: { edit: editIni, validate: validateIni },
  xml: { edit: editXml, validate: validateXml },
  crontab: { edit: editCrontab, validate: validateCrontab },
}

/**
 * Applies a structured edit to the text of a file: bytes of lines that need not change do not change, and applying
 * it again changes nothing. With an error among the diagnostics nothing may be written.
 *
 * `HR31xx` name lines of the wanted text, `HR32xx` lines of the file.
 */
export function applyEdit({ language, path, current, wanted }: EditRequest): Parsed<EditResult> {
  const { text, findings, managed } = editTwice(LANGUAGES[language], current, wanted)
  const diagnostics = findings.map((finding) => toDiagnostic(finding, path))
  if (hasErrors(diagnostics))
    return { value: { text: current ?? '', changed: false, managed: [] }, diagnostics }
  return { value: { text, changed: text !== current, managed }, diagnostics }
}

/** What is wrong with the body of an edit whatever the file holds, for lint; lines count from 1 within the body. */
export function validateWanted(language: EditLanguage, wanted: string, path = ''): readonly Diagnostic[] {
  return LANGUAGES[language].validate(wanted).map((finding) => toDiagnostic(finding, path))
}

/** The text of a file's bytes; an error if they are not UTF-8, since writing them back would change them. */
export function decodeCurrent(bytes: Uint8Array, path: string): Parsed<string> {
  const { text, isValid } = decodeUtf8(bytes)
  const finding = { code: 'HR3209', message: 'the file is not UTF-8', line: 1 }
  return { value: text, diagnostics: isValid ? [] : [toDiagnostic(finding, path)] }
}

/**
 * An edit whose result would be edited again has gone wrong, e.g. behind a dangling backslash,
 * or where an XPath names the value that it changes: it is refused.
 */
function editTwice({ edit }: Language, current: string | undefined, wanted: string): LanguageEdit {
  const first = edit(current, wanted)
  if (first.text === current || isRefused(first)) return first
  const second = edit(first.text, wanted)
  if (second.text === first.text && !isRefused(second)) return first
  const message = 'the edit could not be applied to its own result, so its place in the file is not certain'
  return refuseEdit(current ?? '', [{ code: 'HR3205', message, line: 1 }])
}

function isRefused({ findings }: LanguageEdit): boolean {
  return findings.some((finding) => !WARNINGS.has(finding.code))
}

function toDiagnostic({ code, message, line, column }: Finding, path: string): Diagnostic {
  const hint = EDIT_CODES.find((page) => page.code === code)?.hint
  const severity = WARNINGS.has(code) ? 'warning' : 'error'
  return {
    code,
    severity,
    file: path,
    line,
    column: column ?? 1,
    message,
    ...(hint === undefined ? {} : { hint }),
  }
}
