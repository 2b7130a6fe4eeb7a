import { describe, expect, test } from 'vitest'
import { RUNBOOK_CODES, severityOf } from '../../../src/core/runbook/codes.ts'
import type { RunbookCode } from '../../../src/core/runbook/codes.ts'
import { inventoryOf, EXAMPLE } from '../inventory/inventory-builder.ts'
import { DOCUMENT_ROWS } from './lint-rows-document.ts'
import { OPTION_ROWS } from './lint-rows-options.ts'
import { findCodes } from './parse-builder.ts'

const ROWS = [...DOCUMENT_ROWS, ...OPTION_ROWS]
const inventory = inventoryOf(EXAMPLE)

describe('each code', () => {
  test.each(ROWS.map(([code], index) => [code, index] as const))(
    '%s is found where it stands (row %i)',
    (_, index) => {
      const [code, bad, at, good] = ROWS[index]!
      expect(findCodes(bad, { inventory })).toEqual([`${code} ${at}`])
      expect(findCodes(good, { inventory })).toEqual([])
    },
  )

  test('that is in the table has a row, or belongs to links', () => {
    const shown = new Set(ROWS.map(([code]) => code))
    expect(
      RUNBOOK_CODES.map(({ code }) => code).filter((code) => !shown.has(code) && !code.startsWith('HR52')),
    ).toEqual([])
  })

  test.each(RUNBOOK_CODES.map((page) => [page.code, page] as const))(
    '%s has a complete page',
    (code, page) => {
      expect(code).toMatch(/^HR[567]\d{3}$/)
      expect(['error', 'warning']).toContain(severityOf(code as RunbookCode))
      expect(page.title).toMatch(/^\S.*[^.]$/)
      for (const text of [page.explanation, page.hint]) expect(text).toMatch(/^[\p{Lu}`][^]*[.)]$/u)
      expect(page.example).not.toBe('')
    },
  )
})
