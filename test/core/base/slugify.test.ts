import { expect, test } from 'vitest'
import { slugify } from '../../../src/core/base/slugify.ts'

const check = (input: string, expected: string): void => expect(slugify(input)).toBe(expected)
test.each([
  ['Restart the node', 'restart-the-node'],
  ['  What, now?  ', 'what-now'],
  ['cassandra.yaml & keys', 'cassandrayaml--keys'],
  ['snake_case-and-dash', 'snake_case-and-dash'],
  ['Größe der Tabelle', 'größe-der-tabelle'],
  ['1. First', '1-first'],
  ['???', ''],
])('%j', check)
