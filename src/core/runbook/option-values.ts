import type { Position } from '../base/diagnostic.ts'
import { parseDuration, parseDurationRange } from '../base/duration.ts'
import type { Place } from '../base/place.ts'
import { suggestHint } from '../base/suggest-name.ts'
import { parseExpression } from '../expr/parse-expression.ts'
import { parseTemplate } from '../expr/parse-template.ts'
import type { Expression, Template } from '../expr/value.ts'
import { parseSelector } from '../inventory/parse-selector.ts'
import type { Selector } from '../inventory/selector-model.ts'
import type { Findings } from './findings.ts'
import { parseMaintenanceWindow } from './maintenance-window.ts'
import type { MaintenanceWindow, ProbeOrigin, RunbookReference } from './model.ts'

/** The written value of one option, and where its findings go. */
export type ValueReading = {
  readonly name: string
  readonly value: string
  readonly place: Place
  readonly findings: Findings
}

/** Reads a value; undefined once it has reported why not. */
export type ReadValue<T> = (reading: ValueReading) => T | undefined

/** How the value of an option is written: for the documentation, and to read it. */
export type ValueKind<T> = { readonly written: string; readonly read: ReadValue<T> }

const refuse = ({ name, value, place, findings }: ValueReading, wanted: string, hint?: string): undefined =>
  void findings.add('HR6105', place.start, {
    message: `\`${name}=${value}\` is not ${wanted}`,
    hint: hint ?? `write ${wanted}`,
  })

/** A bare word; it has no value. */
export const flag: ValueKind<true> = { written: 'flag', read: () => true }

export const text: ValueKind<string> = { written: 'text', read: ({ value }) => value }

/** One of a closed set of words. */
export function oneOf<const T extends string>(...words: readonly T[]): ValueKind<T> {
  const written = words.map((word) => `\`${word}\``).join(' ')
  return {
    written,
    read: (reading) =>
      words.find((word) => word === reading.value) ??
      refuse(reading, `one of: ${words.join(', ')}`, suggestHint(reading.value, words)),
  }
}

/** A whole number between two limits. */
export function wholeNumber(min: number, max: number): ValueKind<number> {
  return {
    written: 'number',
    read: (reading) => {
      const number = /^\d{1,9}$/.test(reading.value) ? Number(reading.value) : NaN
      return number >= min && number <= max ? number : refuse(reading, `a whole number from ${min} to ${max}`)
    },
  }
}

export const duration: ValueKind<number> = {
  written: 'duration',
  read: (reading) => {
    const durationMs = parseDuration(reading.value)
    return durationMs !== undefined && durationMs > 0
      ? durationMs
      : refuse(reading, 'a duration', 'write it like 250ms, 30s, 5m, 2h or 1h30m')
  },
}

export const durationRange: ValueKind<{ readonly fromMs: number; readonly toMs: number }> = {
  written: 'duration or `from..to`',
  read: (reading) => {
    const range = parseDurationRange(reading.value)
    if (range === undefined)
      return refuse(reading, 'an estimate', 'write it like 5m..40m, the shorter one first')
    return { fromMs: range.minMs, toMs: range.maxMs }
  },
}

/** Exit codes, joined by commas. */
export const exitCodes: ValueKind<readonly number[]> = {
  written: 'exit codes, `"1,3"`',
  read: (reading) => {
    const codes = reading.value.split(',').map((code) => (/^\s*\d{1,3}\s*$/.test(code) ? Number(code) : NaN))
    return codes.every((code) => code >= 1 && code <= 255)
      ? codes
      : refuse(reading, 'a list of exit codes', 'write it like fail="1,3"; 0 always means pass')
  },
}

export const fileMode: ValueKind<string> = {
  written: 'octal mode',
  read: (reading) =>
    /^0?[0-7]{3,4}$/.test(reading.value)
      ? reading.value
      : refuse(reading, 'a file mode', 'write it like 0640'),
}

/** A name as it is used for ids, captures, interpreters. */
export function nameLike(pattern: RegExp, wanted: string): ValueKind<string> {
  return {
    written: 'name',
    read: (reading) => (pattern.test(reading.value) ? reading.value : refuse(reading, wanted)),
  }
}

export const words: ValueKind<readonly string[]> = {
  written: 'words',
  read: ({ value }) => value.split(/[\s,]+/).filter((word) => word !== ''),
}

export const template: ValueKind<Template> = {
  written: 'text with expressions',
  read: ({ value, place, findings }) => {
    const parsed = parseTemplate(value, place)
    findings.addAll(parsed.diagnostics)
    return parsed.value
  },
}

export const condition: ValueKind<Expression> = {
  written: 'CEL condition',
  read: ({ value, place, findings }) => {
    const parsed = parseExpression(value, place)
    findings.addAll(parsed.diagnostics)
    return parsed.value
  },
}

export const selector: ValueKind<Selector> = {
  written: 'selector',
  read: ({ value, place, findings }) => {
    const parsed = parseSelector(value, place)
    findings.addAll(parsed.diagnostics)
    return parsed.value
  },
}

export const probeOrigin: ValueKind<ProbeOrigin> = {
  written: '`local` `peer` `other-dc` or a selector',
  read: (reading) => {
    const { value } = reading
    if (value === 'local' || value === 'peer' || value === 'other-dc') return { kind: value }
    const parsed = selector.read(reading)
    return parsed === undefined ? undefined : { kind: 'selector', selector: parsed }
  },
}

export const maintenanceWindow: ValueKind<MaintenanceWindow> = {
  written: 'window',
  read: (reading) => {
    const window = parseMaintenanceWindow(reading.value)
    if (typeof window !== 'string') return window
    reading.findings.add('HR5110', reading.place.start, {
      message: `the maintenance window cannot be read: ${window}`,
      hint: 'write it like "sat,sun 01:00-05:00 Europe/Dublin"',
    })
    return undefined
  },
}

/** `FILE.md` or `FILE.md#PHASE`. */
export const runbookReference: ValueKind<RunbookReference> = {
  written: 'path, `FILE.md#PHASE`',
  read: (reading) => {
    const [path = '', phase, ...rest] = reading.value.split('#')
    if (path === '' || phase === '' || rest.length > 0)
      return refuse(reading, 'a runbook', 'write runbook=FILE.md or runbook=FILE.md#PHASE-ID')
    const { start } = reading.place
    const end: Position = moveColumn(start, reading.value.length)
    return { path, ...(phase === undefined ? {} : { phase }), span: { start, end } }
  },
}

function moveColumn({ line, column, offset }: Position, by: number): Position {
  return { line, column: column + by, offset: offset + by }
}
