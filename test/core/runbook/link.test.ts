import { describe, expect, test } from 'vitest'
import { linkRunbook } from '../../../src/core/runbook/link.ts'
import { resolveRunbookPath } from '../../../src/core/runbook/resolve-runbook-path.ts'
import { parseRunbook } from '../../../src/core/runbook/parse-runbook.ts'
import { brandAs } from '../../../src/core/base/ids.ts'
import type { Digest } from '../../../src/core/base/ids.ts'

const CHECK = '```cel check\ntrue\n```\n'

function book(body: string, front = ''): string {
  return `---\nhandrail: 1\n${front}---\n# Title\n${body}`
}

function link(files: { readonly [path: string]: string }, root = 'main.md') {
  const parsed = new Map(
    Object.entries(files).map(([path, text]) => [path, parseRunbook(text, path, brandAs<Digest>('0')).value]),
  )
  const { value, diagnostics } = linkRunbook(parsed.get(root)!, (path) => parsed.get(path))
  return {
    value,
    steps: value.steps.map(({ step }) => step.id),
    codes: diagnostics.map(({ code, file, line }) => `${code} ${file}:${line}`),
  }
}

const SUB = book(`## First\n${CHECK}## Part\n### Second\n${CHECK}### Third\n${CHECK}`)

describe('linkRunbook', () => {
  test('leaves a runbook without references as it is', () => {
    const { value, steps, codes } = link({ 'main.md': SUB })
    expect(codes).toEqual([])
    expect(steps).toEqual(['first', 'part.second', 'part.third'])
    expect([...value.phases.keys()]).toEqual(['part'])
    expect(value.steps.every(({ step, localId }) => step.id === localId)).toBe(true)
  })

  test('puts a called runbook in place, ids and phases prefixed', () => {
    const main = book(
      `## A\n${CHECK}## Call\n<!-- handrail runbook=sub.md -->\n### Own\n${CHECK}## Z\n${CHECK}`,
    )
    const { value, steps, codes } = link({ 'main.md': main, 'sub.md': SUB })
    expect(codes).toEqual([])
    expect(steps).toEqual(['a', 'call.first', 'call.part.second', 'call.part.third', 'call.own', 'z'])
    expect(value.steps.map(({ step }) => step.phases)).toEqual([
      [],
      ['call'],
      ['call', 'call.part'],
      ['call', 'call.part'],
      ['call'],
      [],
    ])
    expect(value.steps.map(({ runbook }) => runbook.path)).toEqual([
      'main.md',
      'sub.md',
      'sub.md',
      'sub.md',
      'main.md',
      'main.md',
    ])
    expect([...value.phases.keys()]).toEqual(['call', 'call.part'])
    expect([...value.runbooks.keys()]).toEqual(['main.md', 'sub.md'])
    for (const { step } of value.steps)
      for (const id of step.phases) expect(value.phases.get(id)?.id).toBe(id)
  })

  test('puts one phase in place', () => {
    const main = book('## Call\n<!-- handrail runbook=sub.md#part -->\n')
    const { value, steps } = link({ 'main.md': main, 'sub.md': SUB })
    expect(steps).toEqual(['call.part.second', 'call.part.third'])
    expect([...value.phases.keys()]).toEqual(['call', 'call.part'])
  })

  test('resolves paths from the runbook that holds them, to any depth', () => {
    const { steps, codes } = link({
      'main.md': book('## Call\n<!-- handrail runbook=deep/one.md -->\n'),
      'deep/one.md': book('## Next\n<!-- handrail runbook=two.md id=n -->\n'),
      'deep/two.md': book('## Up\n<!-- handrail runbook=../sub.md#part -->\n'),
      'sub.md': SUB,
    })
    expect(codes).toEqual([])
    expect(steps).toEqual(['call.n.up.part.second', 'call.n.up.part.third'])
  })

  test('passes on what is written on the call, and conditions and windows from around it', () => {
    const main = book(
      [
        '<!-- handrail pick=any when="1 == 1" as=nobody -->',
        '## Outer',
        '<!-- handrail when="2 == 2" window="daily 01:00-02:00 UTC" -->',
        '### Call',
        '<!-- handrail runbook=sub.md as=root batch=2 when="3 == 3" timeout=1m -->',
        '',
      ].join('\n'),
    )
    const sub = book(
      '## S\n<!-- handrail on=all batch=7 -->\n```sh check\na\n```\n```sh check as=joe\na\n```\n',
    )
    const [only] = link({ 'main.md': main, 'sub.md': sub }).value.steps
    const { options, fences } = only!.step
    expect(options).toMatchObject({ batch: 7, as: { source: 'root' }, window: { fromMinute: 60 } })
    expect(options.pick).toBeUndefined()
    expect(options.when?.map(({ source }) => source)).toEqual(['1 == 1', '2 == 2', '3 == 3'])
    expect(fences.map((fence) => [fence.options.as?.source, fence.options.timeoutMs])).toEqual([
      ['root', 60_000],
      ['joe', 60_000],
    ])
  })

  test('shares parameters of the same name and type with the caller', () => {
    const { value, codes } = link({
      'main.md': book(
        '## Call\n<!-- handrail runbook=sub.md -->\n',
        'params: { a: { type: int, default: 1 } }\n',
      ),
      'sub.md': book(`## S\n${CHECK}`, 'params: { a: { type: int }, b: { type: string } }\n'),
    })
    expect(codes).toEqual([])
    expect(value.params.map(({ name, defaultValue }) => [name, defaultValue])).toEqual([
      ['a', 1],
      ['b', undefined],
    ])
  })

  const call = (reference: string, more = '') =>
    book(`## Call\n<!-- handrail runbook=${reference} -->\n${more}`)

  test.each([
    ['a missing runbook', { 'main.md': call('no.md') }, 'HR5201 main.md:6'],
    ['a missing phase', { 'main.md': call('sub.md#prat'), 'sub.md': SUB }, 'HR5202 main.md:6'],
    ['a step for a phase', { 'main.md': call('sub.md#first'), 'sub.md': SUB }, 'HR5202 main.md:6'],
    ['a runbook that calls itself', { 'main.md': call('main.md') }, 'HR5203 main.md:6'],
    ['a circle', { 'main.md': call('b.md'), 'b.md': call('./main.md') }, 'HR5203 b.md:6'],
    [
      'another type of a parameter',
      {
        'main.md': book('## Call\n<!-- handrail runbook=sub.md -->\n', 'params: { a: { type: int } }\n'),
        'sub.md': book(`## S\n${CHECK}`, 'params: { a: { type: string } }\n'),
      },
      'HR5204 main.md:7',
    ],
    [
      'an id that is taken',
      { 'main.md': call('sub.md', `## Own\n<!-- handrail id=call.first -->\n${CHECK}`), 'sub.md': SUB },
      'HR5205 main.md:7',
    ],
    ['a plain document', { 'main.md': call('sub.md'), 'sub.md': '# Text\n' }, 'HR5206 main.md:6'],
  ])('reports %s', (_, files, wanted) =>
    expect(link(files as { [path: string]: string }).codes).toEqual([wanted]),
  )

  test('gives up on references that grow without end', () => {
    const files: { [path: string]: string } = { '15.md': SUB }
    for (let level = 0; level < 15; level += 1)
      files[`${level}.md`] = book(
        ['A', 'B'].map((title) => `## ${title}\n<!-- handrail runbook=${level + 1}.md -->\n`).join(''),
      )
    const { steps, codes } = link(files, '0.md')
    expect(steps.length).toBeLessThanOrEqual(10_000)
    expect(codes[0]).toMatch(/^HR5207/)
  })
})

test.each([
  ['a.md', 'b.md', 'b.md'],
  ['x/a.md', 'b.md', 'x/b.md'],
  ['x/a.md', '../b.md', 'b.md'],
  ['x/a.md', './y/../b.md', 'x/b.md'],
  ['a.md', '../b.md', '../b.md'],
  ['../a.md', '../b.md', '../../b.md'],
  ['/r/a.md', 'b.md', '/r/b.md'],
  ['x/a.md', '/r/b.md', '/r/b.md'],
])('from %s the path %s leads to %s', (from, reference, wanted) =>
  expect(resolveRunbookPath(from, reference)).toBe(wanted),
)
