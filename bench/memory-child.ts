// Checks and changes every host of an inventory at once, then tells how much memory that took.
import { readFileSync } from 'node:fs'
import { openEngineBench, planOf } from './engine-bench.ts'

const RUNBOOK = `---
handrail: 1
---

# Memory

## Look
<!-- handrail on=box -->

\`\`\`sh check
test -d /
\`\`\`

## Change
<!-- handrail on=box -->

\`\`\`sh run
seq 1 20000
\`\`\`

\`\`\`sh verify
test -d /
\`\`\`
`

const bench = await openEngineBench()
const plan = planOf(readFileSync(process.argv[2]!, 'utf8'), RUNBOOK)
const startedMb = process.memoryUsage.rss() / 1e6
await bench.run(plan)
// Kilobytes; the largest that the system has seen, so nothing in between is missed.
const peakMb = (process.resourceUsage().maxRSS * 1024) / 1e6
await bench.close()
console.log(JSON.stringify({ startedMb, peakMb }))
