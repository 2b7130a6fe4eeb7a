import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { applyEdit } from '../../../src/core/edit/apply-edit.ts'
import type { EditLanguage } from '../../../src/core/edit/apply-edit.ts'

/** Text of a file in `fixtures/`. */
export const readFixture = (name: string): string =>
  readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')

/** Applies an edit that must succeed, and applies it again, which must change nothing. */
export function edit(language: EditLanguage, current: string | undefined, wanted: string): string {
  const { value, diagnostics } = applyEdit({ language, path: 'file', current, wanted })
  expect(diagnostics.filter((each) => each.severity === 'error')).toEqual([])
  expect(value.changed).toBe(value.text !== current)
  const again = applyEdit({ language, path: 'file', current: value.text, wanted })
  expect({ text: again.value.text, changed: again.value.changed }).toEqual({
    text: value.text,
    changed: false,
  })
  return value.text
}

/** Codes of the findings of an edit; with an error the text must be the old one. */
export function codesOf(language: EditLanguage, current: string | undefined, wanted: string): string[] {
  const { value, diagnostics } = applyEdit({ language, path: 'file', current, wanted })
  if (diagnostics.some((each) => each.severity === 'error')) expect(value.text).toBe(current ?? '')
  return diagnostics.map((each) => each.code)
}

/** Lines that differ, as `-old` and `+new`; the lines of both texts must otherwise be the same bytes in order. */
export function diffLines(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const table = Array.from({ length: old.length + 1 }, () => Array.from({ length: now.length + 1 }, () => 0))
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      table[i][j] = old[i] === now[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1])
    }
  }
  const out: string[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    if (i < old.length && old[i] === now[j]) [i, j] = [i + 1, j + 1]
    else if (i < old.length && (j >= now.length || table[i + 1][j] >= table[i][j + 1]))
      out.push(`-${old[i++]}`)
    else out.push(`+${now[j++]}`)
  }
  return out
}
