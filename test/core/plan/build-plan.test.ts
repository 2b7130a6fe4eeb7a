import { describe, expect, test } from 'vitest'
import { startOfFile } from '../../../src/core/base/place.ts'
import type { HostName, StepId } from '../../../src/core/base/ids.ts'
import { displayRendered } from '../../../src/core/expr/rendered-text.ts'
import { parseSelector } from '../../../src/core/inventory/parse-selector.ts'
import { evaluateCelProbe } from '../../../src/core/plan/evaluate-cel-probe.ts'
import { formatPlanJson } from '../../../src/core/plan/format-plan-json.ts'
import type { Plan } from '../../../src/core/plan/model.ts'
import { renderHostStep } from '../../../src/core/plan/render-host-step.ts'
import { EXAMPLE, inventoryOf } from '../inventory/inventory-builder.ts'
import { bookOf, planOf } from './plan-builder.ts'

const BOOK = bookOf(
  `## Before

### Healthy
<!-- handrail on=message -->

\`\`\`sh check for=2m every=5s fail="3" capture=state
systemctl is-active message.service
\`\`\`
\`\`\`text expect
active {{ nofile }}
\`\`\`

### Agree
<!-- handrail on=local -->

\`\`\`cel check
captures.state.map(h, captures.state[h]).distinct().size() == 1
\`\`\`

## Change

\`\`\`ini file path="{{ run.dir }}/probe.ini" temporary
password = {{ probe_password }}
\`\`\`

### Write
<!-- handrail on=message by=dc -->

\`\`\`ini edit path=/etc/limits.conf as=root
[Service]
LimitNOFILE={{ nofile }}
\`\`\`

### Restart
<!-- handrail id=restart on="message and not standby" danger=disruptive timeout=3m -->

\`\`\`sh run as=root
systemctl restart {{ host.name }}.service
\`\`\`

\`\`\`sh verify from=peer for=1m
message-probe --peer {{ host.address.private }} --from {{ prober.name }}
\`\`\`

\`\`\`sh undo as=root
systemctl restart message.service
\`\`\`

### Tell
<!-- handrail on=local -->

- [ ] The desk has confirmed
`,
  `params:
  nofile: { type: int, default: 100000 }
  probe_password: { type: secret, default: "secret:probe" }
`,
)

function work(plan: Plan, step: string, host: string, late?: Record<string, never>) {
  const id = plan.steps.find((each) => each.id.endsWith(step))!.id
  return renderHostStep(plan, { step: id, host: host as HostName, ...(late === undefined ? {} : { late }) })
}

const stepBook = (options: string, fence = '```sh run repeat=safe\ntrue\n```\n') =>
  bookOf(`## One\n<!-- handrail ${options} -->\n\n${fence}`)
const firstOf = (...args: Parameters<typeof planOf>) => {
  const { plan, diagnostics } = planOf(...args)
  const { hosts, skipped } = plan.steps[0]!
  return { hosts, skipped: skipped?.kind, codes: diagnostics.map((each) => each.code) }
}
const limit = (source: string) => ({ limit: parseSelector(source, startOfFile('--limit')).value! })

const codesOf = (body: string, front = '') =>
  planOf(bookOf(`## One\n<!-- handrail on=message -->\n\n${body}`, front)).diagnostics.map(
    (each) => `${each.code} ${each.message}`,
  )

const digest = (...args: Parameters<typeof planOf>) => planOf(...args).plan.digest
const hashOf = (id: string, ...args: Parameters<typeof planOf>) =>
  planOf(...args).plan.steps.find((step) => step.id.endsWith(id))!.hash

describe('a plan', () => {
  const { plan, diagnostics } = planOf(BOOK)
  const step = (id: string) => plan.steps.find((each) => each.id.endsWith(id))!

  test('of a sound runbook has no findings', () => {
    expect(diagnostics).toEqual([])
  })

  test('has the hosts, order and thresholds of each step', () => {
    expect(
      plan.steps.map((each) => [each.id, each.danger, each.order, each.maxFailures, each.repeat, each.hosts]),
    ).toEqual([
      ['before.healthy', 'read', 'parallel', undefined, 'probe-only', ['msg1', 'msg2', 'msg3']],
      ['before.agree', 'read', 'parallel', undefined, 'probe-only', ['local']],
      ['change.write', 'change', 'first-then-parallel', 1, 'idempotent', ['msg1', 'msg2', 'msg3']],
      ['restart', 'disruptive', 'serial', 1, 'once', ['msg1', 'msg3']],
      ['change.tell', 'read', 'parallel', undefined, 'probe-only', ['local']],
    ])
    expect(step('write').groups).toEqual([0, 2])
    expect(step('write').phaseTitles).toEqual(['Change'])
  })

  test('renders what one host does', () => {
    const restart = work(plan, 'restart', 'msg1')
    expect(displayRendered(restart.actions[0]!.command.body)).toBe("systemctl restart 'msg1'.service\n")
    expect(restart.actions[0]).toMatchObject({
      index: 1,
      kind: 'run',
      timeoutMs: 180_000,
      command: { as: 'root' },
    })
    expect(restart.verifies[0]!.probers).toEqual(['msg3'])
    expect(displayRendered(restart.verifies[0]!.command.body)).toBe(
      "message-probe --peer '192.0.2.11' --from 'msg3'\n",
    )
    expect(restart.undos).toHaveLength(1)
    expect(displayRendered(restart.fixtures[0]!.path)).toBe('{{ run.dir }}/probe.ini')
    expect(displayRendered(restart.fixtures[0]!.content)).toBe('password = «secret probe»\n')
    expect(work(plan, 'healthy', 'msg1').checks[0]).toMatchObject({
      fail: [3],
      forMs: 120_000,
      everyMs: 5000,
      capture: 'state',
      expectations: [{ match: 'text', wanted: ['active 100000'] }],
    })
  })

  test('fills in what the run knows when the host is due', () => {
    const late = { run: { dir: '/tmp/r', id: 'x' }, captures: {}, captured: {} } as never
    const restart = work(plan, 'restart', 'msg1', late)
    expect(restart.problem).toBeUndefined()
    expect(displayRendered(restart.fixtures[0]!.path)).toBe('/tmp/r/probe.ini')
  })

  test('evaluates conditions across hosts with what was captured', () => {
    const evaluate = (state: Record<string, string>) =>
      evaluateCelProbe(plan, {
        step: step('agree').id,
        host: 'local' as HostName,
        source: displayRendered(work(plan, 'agree', 'local').checks[0]!.command.body),
        late: { captures: { state } },
      })
    expect(evaluate({ msg1: 'a', msg2: 'a' })).toEqual({ ok: true, value: true })
    expect(evaluate({ msg1: 'a', msg2: 'b' })).toEqual({ ok: true, value: false })
    expect(
      evaluateCelProbe(plan, { step: step('agree').id, host: 'local' as HostName, source: 'x', late: {} }),
    ).toMatchObject({ ok: false })
  })

  test('as JSON names what would run where', () => {
    const json = JSON.parse(JSON.stringify(formatPlanJson(plan, [])))
    expect(json.runbook).toMatchObject({ path: 'book.md', title: 'Book' })
    expect(json.steps[3]).toMatchObject({
      id: 'restart',
      title: 'Restart',
      phase: 'Change',
      danger: 'disruptive',
      order: 'serial',
      hosts: ['msg1', 'msg3'],
      actions: [
        {
          kind: 'run',
          verb: 'run',
          language: 'sh',
          host: 'msg1',
          command: "systemctl restart 'msg1'.service\n",
        },
        { host: 'msg3' },
      ],
      checks: [{ verb: 'verify', host: 'msg1', probers: ['msg3'] }, { host: 'msg3' }],
    })
    expect(json.steps[2].actions[0]).toMatchObject({
      kind: 'edit',
      path: '/etc/limits.conf',
      body: '[Service]\nLimitNOFILE=100000\n',
    })
    expect(json.steps[4].manual).toEqual([{ item: 1, text: 'The desk has confirmed' }])
  })
})

describe('digests', () => {
  test('are equal for equal plans, wherever prose and comments stand', () => {
    expect(digest(BOOK)).toBe(digest(BOOK.replace('## Before\n', '## Before\n\nSome prose.\n')))
    expect(digest(BOOK)).toBe(digest(BOOK, { inventory: inventoryOf(`# why\n${EXAMPLE}`) }))
  })

  test.each<[string, Parameters<typeof planOf>]>([
    ['a parameter', [BOOK, { given: { nofile: '70000' } }]],
    ['a body', [BOOK.replace('restart message.service', 'restart it')]],
    ['a host’s address', [BOOK, { inventory: inventoryOf(EXAMPLE.replace('192.0.2.11', '192.0.2.99')) }]],
    ['an option', [BOOK.replace('timeout=3m', 'timeout=4m')]],
    ['a condition', [BOOK.replace('id=restart', 'id=restart when="nofile > 5"')]],
    ['the hosts', [BOOK.replace('on="message and not standby"', 'on=message')]],
    ['an expectation', [BOOK.replace('active {{', 'up {{')]],
  ])('change with %s', (_, args) => {
    expect(digest(...args)).not.toBe(digest(BOOK))
  })

  test('of a step change only with what it reads', () => {
    const changed: Parameters<typeof planOf> = [BOOK, { given: { nofile: '70000' } }]
    expect(hashOf('write', ...changed)).not.toBe(hashOf('write', BOOK))
    expect(hashOf('restart', ...changed)).toBe(hashOf('restart', BOOK))
  })
})

describe('what is left out', () => {
  test.each<[string, Parameters<typeof planOf>, object]>([
    ['a false condition', [stepBook('on=message when="1 > 2"')], { hosts: [], skipped: 'condition' }],
    ['a condition of the host', [stepBook('on=message when="host.dc == \'DC2\'"')], { hosts: ['msg3'] }],
    [
      'a condition that waits',
      [stepBook('on=message when="captures.x.size() > 0"')],
      { hosts: ['msg1', 'msg2', 'msg3'] },
    ],
    [
      'no host',
      [stepBook('on="message and late and DC1"')],
      { hosts: [], skipped: 'no-host', codes: ['HR4002'] },
    ],
    ['an unknown name', [stepBook('on=mesage')], { codes: expect.arrayContaining(['HR2002']) }],
    [
      'hosts outside of the limit',
      [stepBook('on=message'), limit('DC2')],
      { hosts: ['msg3'], skipped: undefined },
    ],
    ['every host by the limit', [stepBook('on=msg1'), limit('DC2')], { hosts: [], skipped: 'limit' }],
    ['another step by --only', [stepBook('on=msg1'), { only: 'nothing' }], { codes: ['HR4007'] }],
    ['pick=first', [stepBook('on=message pick=first')], { hosts: ['msg1'] }],
    ['pick=one-per-dc', [stepBook('on=message pick=one-per-dc')], { hosts: ['msg1', 'msg3'] }],
  ])('%s', (_, args, expected) => {
    expect(firstOf(...args)).toMatchObject(expected)
  })

  test('--from leaves out what comes before', () => {
    const { plan } = planOf(BOOK, { from: 'restart' })
    expect(plan.steps.map((each) => each.skipped?.kind)).toEqual([
      'limit',
      'limit',
      'limit',
      undefined,
      undefined,
    ])
  })
})

describe('findings', () => {
  test('an expression that fails on one host names it', () => {
    const body = '```sh run repeat=safe\necho {{ host.roles.message.standby ? "a" : "b" }}\n```\n'
    expect(codesOf(body)).toEqual([expect.stringMatching(/^HR1007 On msg1: .*No such key: standby/)])
  })

  test('a language without an interpreter', () => {
    expect(codesOf('```python run repeat=safe\npass\n```\n').join()).toContain('HR4003 No interpreter')
  })

  test('a missing value is shown in place', () => {
    const { plan, diagnostics } = planOf(
      bookOf(
        '## One\n<!-- handrail on=msg1 -->\n\n```sh run repeat=safe\necho {{ word }}\n```\n',
        'params: { word: { type: string } }\n',
      ),
    )
    expect(diagnostics).toMatchObject([{ code: 'HR4104', severity: 'warning' }])
    expect(displayRendered(work(plan, 'one', 'msg1').actions[0]!.command.body)).toBe('echo {{ word }}\n')
  })

  test('a path that is not known when the host is due is a problem', () => {
    const { plan } = planOf(
      bookOf('## One\n<!-- handrail on=msg1 -->\n\n```ini file path="{{ captured.x }}/y"\na=b\n```\n'),
    )
    const late = { run: {}, captures: {}, captured: {} } as never
    expect(work(plan, 'one', 'msg1', late).problem).toContain('captured.x')
    expect(work(plan, 'one', 'msg1').problem).toBeUndefined()
  })
})

test('a serial phase is one unit whose steps run on one host before the next', () => {
  const { plan } = planOf(
    bookOf(`## Roll
<!-- handrail on=message order=serial -->

### Stop

\`\`\`sh run repeat=safe
stop
\`\`\`

### Start

\`\`\`sh run repeat=safe
start
\`\`\`

## After
<!-- handrail on=message -->

\`\`\`sh check
true
\`\`\`
`),
  )
  expect(plan.units).toEqual([
    {
      kind: 'serial-phase',
      phase: 'roll',
      steps: ['roll.stop', 'roll.start'],
      hosts: ['msg1', 'msg2', 'msg3'],
    },
    { kind: 'step', step: 'after' as StepId },
  ])
})
