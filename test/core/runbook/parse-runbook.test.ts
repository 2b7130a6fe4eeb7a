import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EXAMPLE, inventoryOf } from '../inventory/inventory-builder.ts'
import { fencesOf, findCodes, HEAD, onAll, parse, sectionsOf, stepsOf } from './parse-builder.ts'

const example = readFileSync(new URL('example.md', import.meta.url), 'utf8')

describe('the example of the format', () => {
  test('has no finding, with and without its inventory', () => {
    expect(findCodes(example)).toEqual([])
    expect(findCodes(example, { inventory: inventoryOf(EXAMPLE) })).toEqual([])
  })

  test('has the model of the snapshot', () => {
    const { value } = parse(example)
    const plain = JSON.stringify(
      { ...value, text: undefined },
      (_, each) => (each instanceof Set ? [...each] : each instanceof Map ? Object.fromEntries(each) : each),
      2,
    ).replaceAll(
      /\{\s*"start": \{\s*"line": (\d+),\s*"column": (\d+),\s*"offset": \d+\s*\},\s*"end": \{\s*"line": (\d+),\s*"column": (\d+),\s*"offset": \d+\s*\}\s*\}/g,
      '"$1:$2-$3:$4"',
    )
    expect(plain).toMatchSnapshot()
  })

  test.each([
    ['before', 'phase'],
    ['before.every-host-is-reachable-and-healthy', 'step'],
    ['restart', 'step'],
    ['change.tell-the-desk', 'step'],
    ['after', 'phase'],
    ['after.log-in-with-the-probes-account', 'step'],
  ])('has %s as a %s', (id, kind) => {
    expect(sectionsOf(example).find((section) => section.id === id)?.kind).toBe(kind)
  })

  test('derives danger from what a step does', () =>
    expect(stepsOf(example).map(({ danger }) => danger)).toEqual([
      'read',
      'read',
      'read',
      'change',
      'disruptive',
      'read',
      'read',
    ]))

  test('reads with any line endings and a byte order mark, with places in the original', () => {
    const windows = `\uFEFF${example.replaceAll('\n', '\r\n')}`
    expect(findCodes(windows)).toEqual([])
    expect(parse(windows).value.text).toBe(example)
    const normal = places(example)
    for (const [index, span] of places(windows).entries()) {
      const { start } = normal[index]!
      expect(span.start).toEqual({ ...start, offset: start.offset + 1 + (start.line - 1) })
      expect(windows[span.start.offset]).toBe(example[start.offset])
    }
  })
})

describe('bodies', () => {
  test.each([
    ['a plain fence', '```sh run repeat=safe\n  a\n\tb\n```', '  a\n\tb\n'],
    ['tildes', '~~~ sh run repeat=safe\n```\n~~~', '```\n'],
    ['a longer fence', '````sh run repeat=safe\n```\n````', '```\n'],
    ['an indented fence', '   ```sh run repeat=safe\n     a\n   ```', '  a\n'],
    ['a list', '- item\n\n  ```sh run repeat=safe\n  a\n    b\n\n  c\n  ```', 'a\n  b\n\nc\n'],
    ['the line of a bullet', '- ```sh run repeat=safe\n  a\n  ```', 'a\n'],
    [
      'a list four deep',
      '1. a\n   - b\n     - c\n       - d\n\n         ```sh run repeat=safe\n         deep\n           more\n         ```',
      'deep\n  more\n',
    ],
    ['a list indented with tabs', '- item\n\n\t```sh run repeat=safe\n\ta\n\t\tb\n\t```', 'a\n\tb\n'],
    ['a quote', '> ```sh run repeat=safe\n> a\n>  b\n> ```', 'a\n b\n'],
    ['a list in a quote', '> - ```sh run repeat=safe\n>   a\n>   ```', 'a\n'],
    ['an alert', '> [!NOTE]\n> Text\n>\n> ```sh run repeat=safe\n> a\n> ```', 'a\n'],
    ['entities and escapes', '```sh run repeat=safe\necho &amp; \\*\n```', 'echo &amp; \\*\n'],
    ['trailing blanks', '```sh run repeat=safe\na  \n\n```', 'a  \n\n'],
  ])('are exact in %s', (_, markdown, wanted) => {
    const text = onAll(markdown)
    expect(body(text)).toBe(wanted)
    expect(body(text.replaceAll('\n', '\r\n'))).toBe(wanted)
  })

  test('may be empty in a file', () => {
    const text = onAll('```text file path=/tmp/x', '```')
    expect(findCodes(text)).toEqual([])
    expect(body(text)).toBe('')
  })

  test('keep the places of expressions inside of lists', () => {
    const text = onAll('- item', '', '  ```sh run repeat=safe', '  echo', '  echo {{ host.name }}', '  ```')
    const part = fencesOf(text)[0]!.body.parts.find((part) => part.kind === 'expression')
    expect(part?.kind === 'expression' && part.span.start).toMatchObject({ line: 12, column: 8 })
    expect(part?.kind === 'expression' && text.slice(part.span.start.offset, part.span.end.offset)).toBe(
      '{{ host.name }}',
    )
  })

  test('hold no expressions when they are literal', () =>
    expect(
      fencesOf(onAll('```sh run repeat=safe literal', "echo '{{ x }}'", '```'))[0]?.body.parts,
    ).toHaveLength(1))
})

describe('plain documents', () => {
  const plain = '# Title\n\nText\n\n## Part\n\n```sh\nls\n```\n\n- [ ] task\n'

  test('are shown, and nothing in them runs', () => {
    const { value, diagnostics } = parse(plain)
    expect(diagnostics).toEqual([])
    expect(value.version).toBeUndefined()
    expect(value.title).toBe('Title')
    expect(sectionsOf(plain).map(({ kind, id }) => [kind, id])).toEqual([['prose', undefined]])
    expect(sectionsOf(plain)[0]?.content.map(({ kind }) => kind)).toEqual(['code', 'markdown'])
  })

  test('may have front matter of other tools', () =>
    expect(findCodes(`---\nlayout: page\nweight: 3\n---\n${plain}`)).toEqual([]))

  test('are named by their file without a title', () => expect(parse('Text').value.title).toBe('book.md'))
})

describe('ids', () => {
  const check = '```cel check\ntrue\n```\n'

  test.each([
    ['slugs joined', `## One Two\n### Three!\n${check}`, ['one-two', 'one-two.three']],
    ['a number on collision', `## A\n${check}## A\n${check}## A\n${check}`, ['a', 'a-2', 'a-3']],
    ['written ones', `## A\n<!-- handrail id=x.y -->\n${check}`, ['x.y']],
    ['written ones first', `## A\n${check}## B\n<!-- handrail id=a -->\n${check}`, ['a-2', 'a']],
    ['a number in the way', `## A 2\n${check}## A\n${check}## A\n${check}`, ['a-2', 'a', 'a-3']],
    ['a heading without letters', `## !!!\n${check}`, ['section']],
    ['markup left out', `## The \`x\` and *y* [z](u)\n${check}`, ['the-x-and-y-z']],
    ['levels skipped', `## A\n#### B\n${check}`, ['a', 'a.b']],
    ['underlined headings', `A\n---\n${check}`, ['a']],
  ])('are made of %s', (_, text, wanted) => expect(ids(text)).toEqual(wanted))
})

describe('inheritance', () => {
  const text = [
    '---\nhandrail: 1\ndefaults: { on: all, timeout: 5m, as: root }\n---\n# Title\n<!-- handrail when="params.size() == 0" -->',
    '## Phase\n<!-- handrail order=serial timeout=6m when="true" -->',
    '### Step\n<!-- handrail idle-timeout=7s when="false" -->',
    '```sh run repeat=safe timeout=8m as=joe\na\n```',
    '```sh check\na\n```',
  ].join('\n')

  test('goes from the document over phases and steps to fences', () => {
    const [step] = stepsOf(text)
    expect(step!.options).toMatchObject({ timeoutMs: 360_000, idleTimeoutMs: 7000, order: 'serial' })
    expect(step!.options.when?.map(({ source }) => source)).toEqual(['params.size() == 0', 'true', 'false'])
    expect(
      step!.fences.map(({ options }) => [options.timeoutMs, options.idleTimeoutMs, options.as?.source]),
    ).toEqual([
      [480_000, 7000, 'joe'],
      [360_000, 7000, 'root'],
    ])
  })

  test('marks the phase that is a unit', () =>
    expect(sectionsOf(text).map(({ phase }) => phase?.serialUnit)).toEqual([true, undefined]))
})

describe('content', () => {
  test('shows prose, fences, tasks, alerts and code in order', () =>
    expect(
      content(
        'Before',
        '```sh check',
        'a',
        '```',
        '```text expect',
        'ok',
        '```',
        'Between',
        '',
        '- [ ] One',
        '  two',
        '- plain',
        '',
        '> [!WARNING]',
        '> Hot',
        '> *very*',
        '',
        '```sh',
        'not run',
        '```',
        'After',
      ),
    ).toEqual([
      'markdown: Before',
      'fence 0',
      'markdown: Between',
      'task 0',
      'markdown: - plain',
      'alert: Hot\n*very*',
      'code: not run',
      'markdown: After',
    ]))

  test('takes the indentation from what follows a fence in a list', () =>
    expect(content('1. first', '', '   ```sh check', '   a', '   ```', '', '   then', '2. second')).toEqual([
      'markdown: 1. first',
      'fence 0',
      'markdown: then\n2. second',
    ]))

  test('numbers the items of a checklist and joins their lines', () =>
    expect(stepsOf(onAll('- [ ] one', '  more', '- [x] **two**'))[0]?.manual).toMatchObject([
      { number: 1, text: 'one more' },
      { number: 2, text: '**two**' },
    ]))
})

function places(text: string) {
  return stepsOf(text).flatMap((step) => [
    step.span,
    ...step.fences.flatMap(({ span, bodySpan, body }) => [
      span,
      bodySpan,
      body.span,
      ...body.parts.flatMap((part) => (part.kind === 'text' ? [] : [part.span, part.expression.span])),
    ]),
  ])
}

function body(text: string): string | undefined {
  return fencesOf(text)[0]?.body.source
}

function ids(text: string) {
  return sectionsOf(HEAD + text).flatMap(({ id }) => id ?? [])
}

function content(...lines: string[]) {
  return sectionsOf(onAll(...lines))[0]!.content.map((block) =>
    'text' in block ? `${block.kind}: ${block.text}` : `${block.kind} ${block.index}`,
  )
}
