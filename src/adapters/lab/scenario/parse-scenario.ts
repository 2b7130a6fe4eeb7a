import { isMap, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document, Node } from 'yaml'
import * as z from 'zod/mini'
import type { Diagnostic, Parsed } from '../../../core/base/diagnostic.ts'
import { diagnosticAt } from '../../../core/base/place.ts'
import { scenarioSchema } from './scenario-schema.ts'
import type { ScenarioData } from './scenario-schema.ts'

/** Parses a scenario's text; absent where anything in it is wrong. */
export function parseScenario(text: string, path: string): Parsed<ScenarioData | undefined> {
  return parseYamlBy(scenarioSchema, text, path)
}

/** Parses YAML by a schema; each complaint names the line of what it is about. */
export function parseYamlBy<S extends z.core.$ZodType>(
  schema: S,
  text: string,
  path: string,
): Parsed<z.output<S> | undefined> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const report = (offset: number, message: string): Diagnostic => {
    const { line, col } = lines.linePos(offset)
    return diagnosticAt(
      path,
      { line: Math.max(1, line), column: Math.max(1, col), offset },
      { code: CODE, message },
    )
  }
  const broken = document.errors.map((error) => report(error.pos[0], error.message.split('\n')[0] ?? ''))
  if (broken.length > 0) return { value: undefined, diagnostics: broken }
  const parsed = z.safeParse(schema, document.toJS({ maxAliasCount: 1000 }))
  if (parsed.success) return { value: parsed.data, diagnostics: [] }
  return {
    value: undefined,
    diagnostics: parsed.error.issues.map((issue) => {
      const place = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
      return report(offsetOf(document, issue.path), `${place}${issue.message}`)
    }),
  }
}

z.config(z.locales.en())

/** The code of every complaint about the shape of a scenario or a test file. */
const CODE = 'HR8001'

/** Where a path leads, or the nearest place on the way. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node = document.contents as Node | null
  for (const key of path) {
    const next: unknown = isMap(node) || isSeq(node) ? node.get(key, true) : undefined
    if (next === undefined || next === null || typeof next !== 'object') break
    node = next as Node
  }
  return node?.range?.[0] ?? 0
}
