import type { Digest } from '../src/core/base/ids.ts'
import { brandAs } from '../src/core/base/ids.ts'
import { lintRunbook } from '../src/core/runbook/lint-runbook.ts'
import { parseRunbook } from '../src/core/runbook/parse-runbook.ts'
import { median } from './figure.ts'

/** Figures of one machine, in milliseconds; the first is that of a fresh process. */
export type ParseFigures = {
  readonly parse8KbFirstMs: number
  readonly parse8KbP50Ms: number
  readonly parse65KbP50Ms: number
  readonly lint8KbP50Ms: number
  readonly lint65KbP50Ms: number
}

const KB = 1024
const SAMPLES = 15

/** Measures parsing and linting of a small and a large runbook; it asserts nothing about time. */
export function measureParse(): ParseFigures {
  const small = buildDocument(8 * KB)
  const large = buildDocument(65 * KB)
  const parse8KbFirstMs = timeOnce(() => parse(small))
  return {
    parse8KbFirstMs,
    parse8KbP50Ms: timeMedian(() => parse(small)),
    parse65KbP50Ms: timeMedian(() => parse(large)),
    lint8KbP50Ms: timeLint(small),
    lint65KbP50Ms: timeLint(large),
  }
}

function parse(text: string) {
  return parseRunbook(text, 'book.md', brandAs<Digest>('0'.repeat(64))).value
}

function timeMedian(task: () => unknown): number {
  return median(Array.from({ length: SAMPLES }, () => timeOnce(task)))
}

/** Each sample lints a document that was just parsed, since what was found of one is remembered. */
function timeLint(text: string): number {
  const samples = Array.from({ length: SAMPLES }, () => {
    const runbook = parse(text)
    return timeOnce(() => lintRunbook(runbook))
  })
  return median(samples)
}

function timeOnce(task: () => unknown): number {
  const began = performance.now()
  task()
  return performance.now() - began
}

function buildDocument(sizeBytes: number): string {
  const parts = ['---\nhandrail: 1\nparams: { limit: { type: int, default: 3 } }\n---\n# A runbook\n']
  for (let number = 1; parts.join('').length < sizeBytes; number += 1)
    parts.push(
      `\n## Step ${number}\n<!-- handrail on=all takes=1m..5m -->\n\n`,
      'Some **prose** about what is done here, with a [link](https://example.com/x), `code`, and two\n',
      'lines of it, as people write them. See also the notes of the last time.\n\n',
      '> [!WARNING]\n> Take care of the queue.\n\n',
      `\`\`\`sh run\nsystemctl restart unit-${number} --limit {{ limit }}\n\`\`\`\n\n`,
      '```sh verify for=1m\nsystemctl is-active unit\n```\n```text expect\nactive\n```\n',
    )
  return parts.join('')
}
