import { expect, test } from 'vitest'
import type { HostName } from '../../src/core/base/ids.ts'
import { renderHostStep } from '../../src/core/plan/render-host-step.ts'
import { buildStepText } from '../../src/tui/build-step-text.ts'
import { planOf } from '../core/plan/plan-builder.ts'

const BOOK = `---
handrail: 1
title: Open files
params:
  nofile: { type: int, default: 100000 }
---
# Open files

### Write the limit
<!-- handrail id=limit on=local -->

Before **all** else.

> [!CAUTION]
> Senders queue.

\`\`\`sh
not run
\`\`\`

\`\`\`sh run as=root
echo {{ nofile }} > /etc/limit
\`\`\`

\`\`\`sh verify for=1m
cat /etc/limit
\`\`\`
\`\`\`text expect
{{ nofile }}
\`\`\`

- [ ] The desk knows
`

test('prose, alerts, code, filled-in commands and items stand in the order of the runbook', () => {
  const { plan, diagnostics } = planOf(BOOK)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const step = plan.steps[0]!
  const host = 'local' as HostName
  const text = buildStepText(step, renderHostStep(plan, { step: step.id, host }))
  expect(
    text.blocks.map((block) =>
      block.kind === 'command' ? `${block.command.verb} ${block.command.text.trim()}` : block.kind,
    ),
  ).toEqual(['markdown', 'alert', 'code', "run echo '100000' > /etc/limit", 'verify cat /etc/limit', 'task'])
  expect(text.blocks.find((block) => block.kind === 'command')).toMatchObject({
    command: { as: 'root', language: 'sh', index: 1 },
  })
  expect(text.blocks[4]).toMatchObject({
    command: { forMs: 60_000, wanted: [expect.stringContaining('100000')] },
  })
})

test('without a host the prose is there, and no command', () => {
  const { plan } = planOf(BOOK)
  expect(buildStepText(plan.steps[0]!, undefined).blocks.map(({ kind }) => kind)).toEqual([
    'markdown',
    'alert',
    'code',
    'task',
  ])
})
