import { describe, expect, test } from 'vitest'
import { RUNBOOK_CODES, severityOf } from '../../../src/core/runbook/codes.ts'
import type { RunbookCode } from '../../../src/core/runbook/codes.ts'
import { inventoryOf, EXAMPLE } from '../inventory/inventory-builder.ts'
import { findCodes, HEAD, onAll, step } from './parse-builder.ts'

const RUN = '```sh run repeat=safe\na\n```'
const CHECK = '```sh check\na\n```'
const front = (...lines: string[]) =>
  `---\nhandrail: 1\n${lines.join('\n')}\n---\n# Title\n## Step\n\`\`\`cel check\ntrue\n\`\`\`\n`
const info = (words: string, body = 'a') => onAll(`\`\`\`${words}`, body, '```')
const options = (words: string, ...lines: string[]) => step(`<!-- handrail ${words} -->`, ...lines)

/** Code, a text that triggers it (and only it), where, and a text like it that does not. */
const ROWS: readonly (readonly [RunbookCode | string, string, string, string])[] = [
  ['HR5001', 'x'.repeat(5 * 1024 * 1024 + 1), '1:1', `# ${'x'.repeat(100_000)}`],
  ['HR5002', '# T\0', '1:1', '# T\uFFFD'],
  ['HR5003', ' \n\t\n', '1:1', 'a'],
  ['HR5004', `${'> '.repeat(2000)}a`, '1:1', `${'> '.repeat(20)}a`],
  ['HR5010', `---\nhandrail: 1\n---\n## Step\n${'```cel check\ntrue\n```'}`, '1:1', onAll(CHECK)],
  ['HR5011', `${onAll(CHECK)}# Again\n`, '11:1', `${onAll(CHECK)}## Again\n`],
  ['HR5012', onAll(CHECK, '### Inner', CHECK), '5:1', onAll('### Inner', CHECK)],
  [
    'HR5013',
    `${HEAD}${'```cel check\ntrue\n```'}\n## S\n${'```cel check\ntrue\n```'}`,
    '5:1',
    `${HEAD}${'```cel\ntrue\n```'}\n## S\n${'```cel check\ntrue\n```'}`,
  ],
  ['HR5013', `${HEAD}- [ ] a\n## S\n- [ ] b`, '5:1', `${HEAD}- a\n## S\n- [ ] b`],
  [
    'HR5014',
    `${HEAD}## A\n<!-- handrail id=x -->\n- [ ] a\n## B\n<!-- handrail id=x -->\n- [ ] b`,
    '9:15',
    `${HEAD}## A\n<!-- handrail id=x -->\n- [ ] a\n## B\n<!-- handrail id=y -->\n- [ ] b`,
  ],
  ['HR5016', onAll('```sh check', 'a'), '8:1', onAll(CHECK)],
  ['HR5016', onAll('> ```sh check', '> a', '', '> b'), '8:3', onAll('> ```sh check', '> a', '> ```')],
  [
    'HR5017',
    `${onAll(CHECK)}## F\n<!-- handrail on=all -->\n${'```text file path=/tmp/x temporary\n```'}\n`,
    '13:4',
    `${HEAD}## F\n${'```text file path=/tmp/x temporary\n```'}\n### S\n<!-- handrail on=all -->\n${CHECK}`,
  ],
  ['HR5018', `# T\n${RUN}\n`, '2:1', '# T\n```sh\na\n```\n'],
  ['HR5019', HEAD, '1:1', onAll(CHECK)],
  ['HR5101', front('title: a: b'), '3:8', front('title: "a: b"')],
  ['HR5101', front('a: 1', 'a: 2'), '4:1', front('title: x')],
  ['HR5102', front('titel: x'), '3:1', front('title: x')],
  ['HR5102', `---\nhandrial: 1\n---\n# T\n`, '2:1', '---\ntitle: x\n---\n# T\n'],
  [
    'HR5102',
    front('params: { a: { type: int, defualt: 1 } }'),
    '3:27',
    front('params: { a: { type: int, default: 1 } }'),
  ],
  ['HR5103', front('tags: x'), '3:7', front('tags: [x]')],
  ['HR5103', front('params: { a: int }'), '3:14', front('params: { a: { type: int } }')],
  ['HR5103', front('params: { a: { help: x } }'), '3:11', front('params: { a: { type: int, help: x } }')],
  [
    'HR5104',
    '---\nhandrail: 2\n---\n# T\n## S\n- [ ] a',
    '2:11',
    '---\nhandrail: 1\n---\n# T\n## S\n- [ ] a',
  ],
  ['HR5105', '---\nhandrail: 1\ntitle: x\n\n# T\n', '1:1', '---\n\ntext\n\n# T\n'],
  ['HR5106', front('params: { a: { type: integer } }'), '3:22', front('params: { a: { type: int } }')],
  ['HR5107', front('params: { a-b: { type: int } }'), '3:11', front('params: { a_b: { type: int } }')],
  ['HR5107', front('params: { host: { type: int } }'), '3:11', front('params: { hosts_: { type: int } }')],
  [
    'HR5108',
    front('params: { a: { type: int, default: 1, value: "{{ 1 }}" } }'),
    '3:47',
    front('params: { a: { type: int, value: "{{ 1 }}" } }'),
  ],
  [
    'HR5108',
    front('params: { a: { type: enum } }'),
    '3:11',
    front('params: { a: { type: enum, choices: [x, 2] } }'),
  ],
  [
    'HR5108',
    front('params: { a: { type: string, new: true } }'),
    '3:35',
    front('params: { a: { type: secret, new: true } }'),
  ],
  [
    'HR5108',
    front('params: { a: { type: int, min: 3, max: 2 } }'),
    '3:32',
    front('params: { a: { type: int, min: 2, max: 2 } }'),
  ],
  [
    'HR5109',
    front('params: { a: { type: int, min: 3, default: 2 } }'),
    '3:44',
    front('params: { a: { type: int, min: 3, default: 3 } }'),
  ],
  [
    'HR5109',
    front('params: { a: { type: version, default: 4.0 } }'),
    '3:40',
    front('params: { a: { type: version, default: "4.0" } }'),
  ],
  [
    'HR5109',
    front('params: { a: { type: enum, choices: [x], default: y } }'),
    '3:51',
    front('params: { a: { type: enum, choices: [x], default: x } }'),
  ],
  [
    'HR5109',
    front('params: { a: { type: duration, default: soon } }'),
    '3:41',
    front('params: { a: { type: duration, min: 1m, default: 5m } }'),
  ],
  [
    'HR5109',
    front('params: { a: { type: string, pattern: "a+", default: bab } }'),
    '3:54',
    front('params: { a: { type: string, pattern: "a+", default: aa } }'),
  ],
  ['HR5110', front('window: weekends'), '3:9', front('window: "mon-fri 22:00-02:00 Europe/Dublin"')],
  ['HR5110', front('window: "sat 01:00-02:00 Mars/Base"'), '3:10', front('window: "daily 01:00-02:00 UTC"')],
  [
    'HR5111',
    front('params: { a: { type: secret, default: hunter2 } }'),
    '3:39',
    front('params: { a: { type: secret, default: "secret:probe" } }'),
  ],
  ['HR6001', options("id='a b'", '- [ ] a'), '6:18', options('id="a"', '- [ ] a')],
  ['HR6001', options('on= id=x', '- [ ] a'), '6:18', options('id=x', '- [ ] a')],
  ['HR6001', options('id=x {y}', '- [ ] a'), '6:20', options('id=x', '- [ ] a')],
  ['HR6001', options('id="x', '- [ ] a'), '6:18', options('id="x"', '- [ ] a')],
  ['HR6001', info('sh check when={{x}}'), '8:18', info('sh check as="{{ host.name }}"')],
  [
    'HR6002',
    info('sh check when="true && true"'),
    '8:24',
    onAll('<!-- handrail when="true && true" -->', CHECK),
  ],
  ['HR6002', onAll('~~~sh check as="`a`"', 'a', '~~~'), '8:17', onAll('~~~sh check when="true"', 'a', '~~~')],
  [
    'HR6002',
    onAll(CHECK, '', '- ```sh run as=`x`', '  a'),
    '12:3',
    onAll(CHECK, '', '```sh run``` is how to mark it'),
  ],
  [
    'HR6003',
    onAll(CHECK, '', '<!-- handrail on=all -->', '', 'Text'),
    '12:1',
    onAll(CHECK, '', '<!-- a comment -->', '', 'Text'),
  ],
  [
    'HR6003',
    onAll(CHECK, '', 'Text <!-- handrail on=all -->'),
    '12:6',
    onAll(CHECK, '', 'Text `<!-- handrail on=all -->`'),
  ],
  [
    'HR6003',
    `${HEAD}## Step <!-- handrail id=x -->\n- [ ] a`,
    '5:9',
    `${HEAD}## Step\n<!-- handrail id=x -->\n- [ ] a`,
  ],
  ['HR6004', step('<!-- handrial on=all -->', '- [ ] a'), '6:1', step('<!-- a handrail -->', '- [ ] a')],
  ['HR6004', step('<!-- Handrail: on=all -->', '- [ ] a'), '6:1', step('<!-- guardrail -->', '- [ ] a')],
  [
    'HR6005',
    step('<!-- handrail id=x --> <!-- handrail on=all -->', '- [ ] a'),
    '6:1',
    step('<!-- handrail id=x -->', '- [ ] a'),
  ],
  [
    'HR6005',
    step('<div><!-- handrail id=x --></div>', '', '- [ ] a'),
    '6:6',
    step('<div></div>', '', '- [ ] a'),
  ],
  ['HR6101', options('on=all dangre=disruptive', CHECK), '6:22', options('on=all danger=disruptive', CHECK)],
  ['HR6101', info('sh run run repeat=safe'), '8:11', info('sh run repeat=safe')],
  ['HR6102', info('sh rnu'), '8:7', info('sh run repeat=safe')],
  ['HR6102', info('sh repeat=safe run'), '8:7', info('sh run repeat=safe')],
  ['HR6103', info('sh check takes=5m'), '8:13', options('on=all takes=5m', CHECK)],
  ['HR6103', info('sh check status=200'), '8:13', info('http check status=200', 'GET http://h/')],
  ['HR6103', onAll('```cel check cwd=/', 'true', '```'), '8:14', onAll('```cel check warn', 'true', '```')],
  ['HR6103', info('ini edit path=/x temporary', 'a = b'), '8:21', info('ini edit path=/x', 'a = b')],
  ['HR6104', options('id=a id=b', '- [ ] a'), '6:20', options('id=a', '- [ ] a')],
  ['HR6105', info('sh check timeout=ten'), '8:21', info('sh check timeout=10m')],
  ['HR6105', info('sh check for=0s'), '8:17', info('sh check for=1s')],
  ['HR6105', info('sh check fail=0'), '8:18', info('sh check fail="1, 3"')],
  ['HR6105', info('sh check warn=yes'), '8:13', info('sh check warn')],
  ['HR6105', info('sh check timeout'), '8:13', info('sh check timeout=1s')],
  ['HR6105', options('on=all pick=some', CHECK), '6:27', options('on=all pick=any', CHECK)],
  ['HR6105', options('on=all takes=9m..1m', CHECK), '6:28', options('on=all takes=1m..9m', CHECK)],
  ['HR6105', options('id="a b"', '- [ ] a'), '6:19', options('id=a.b', '- [ ] a')],
  ['HR6105', info('http check on=all', 'GET http://h/'), '8:4', info('http check on=local', 'GET http://h/')],
  ['HR6105', info('text file path=/x mode=999'), '8:27', info('text file path=/x mode=0644')],
  ['HR6106', onAll(CHECK, '', '```run', 'a', '```'), '12:4', onAll(CHECK, '', '```sh', 'a', '```')],
  ['HR6107', info('text edit path=/x'), '8:4', info('ini edit path=/x', 'a = b')],
  ['HR6107', info('console check'), '8:4', info('sh check')],
  [
    'HR6108',
    info('python check', '1'),
    '8:1',
    onAll('```python check', '1', '```').replace(
      'handrail: 1',
      'handrail: 1\ninterpreters: { python: python3 - }',
    ),
  ],
  [
    'HR6108',
    info('sh check interpreter=bush'),
    '8:1',
    onAll('```sh check interpreter=bash', '1', '```').replace(
      'handrail: 1',
      'handrail: 1\ninterpreters: { bash: bash -s }',
    ),
  ],
  ['HR6109', onAll(CHECK, '', '```sh path=/x', 'a', '```'), '12:7', onAll(CHECK, '', '```sh', 'a', '```')],
  [
    'HR6109',
    onAll(CHECK, '', '<!-- handrail warn -->', '```sh', 'a', '```'),
    '12:1',
    onAll(CHECK, '', '<!-- handrail warn -->', CHECK),
  ],
  ['HR6110', info('sh run repeat=safe capture=x'), '8:23', info('sh check capture=x')],
  [
    'HR6201',
    options('on=all danger=irreversible', CHECK),
    '6:22',
    options('on=all danger=irreversible confirm=GO', CHECK),
  ],
  ['HR6202', step(CHECK), '5:1', step('```http check on=local', 'GET http://h/', '```')],
  ['HR6203', info('ini edit', 'a = b'), '8:4', info('ini edit path=/x', 'a = b')],
  ['HR6204', options('on=all undo=none', RUN), '6:22', options('on=all undo=none reason="no way"', RUN)],
  ['HR6204', options('on=all reason=x', RUN), '6:22', options('on=all undo=none reason=x', RUN)],
  ['HR6205', onAll('```text expect', 'a', '```', CHECK), '8:4', onAll(CHECK, '```text expect', 'a', '```')],
  [
    'HR6205',
    onAll(CHECK, '- x', '', '  ```text expect', '  a', '  ```'),
    '13:6',
    onAll('- x', '', '  ```sh check', '  a', '  ```', '  ```text expect', '  a', '  ```'),
  ],
  [
    'HR6205',
    onAll('```cel check', 'true', '```', '```text expect', 'a', '```'),
    '11:4',
    onAll(RUN, '```text expect', 'a', '```'),
  ],
  ['HR6206', info('sh check every=5s'), '8:1', info('sh check every=5s for=1m')],
  ['HR6206', options('on=all each-host', CHECK), '6:22', options('on=all each-host', '- [ ] a')],
  [
    'HR6206',
    options('on=all confirm=GO', CHECK),
    '6:22',
    options('on=all confirm=GO danger=irreversible', CHECK),
  ],
  ['HR6207', `${onAll(CHECK)}## B\n<!-- handrail on=all -->\nText`, '12:1', `${onAll(CHECK)}## B\nText`],
  [
    'HR6209',
    onAll('```sh check capture=v', 'a', '```', '```sh check capture=v', 'a', '```'),
    '11:1',
    onAll('```sh check capture=v', 'a', '```', '```sh check capture=w', 'a', '```'),
  ],
  [
    'HR6210',
    onAll(CHECK, '```text expect match=regex', '(?<=a)b', '```'),
    '12:1',
    onAll(CHECK, '```text expect match=regex', 'a(b)', '```'),
  ],
  [
    'HR6211',
    options('on=all undo=none reason=x', RUN, '```sh undo', 'a', '```'),
    '6:22',
    options('on=all', RUN, '```sh undo', 'a', '```'),
  ],
  ['HR6213', info('http check', 'http://h/'), '9:1', info('http check', 'GET http://h/\nA: b\n\nbody: x')],
  [
    'HR6213',
    info('http check', 'GET http://h/\nno header'),
    '10:1',
    info('http check', 'GET http://{{ host.name }}/\nA: b'),
  ],
  [
    'HR6214',
    onAll(CHECK, '```json expect', '{ a: }', '```'),
    '11:1',
    onAll(CHECK, '```json expect', '{ "a": {{ host.name }} }', '```'),
  ],
  [
    'HR6214',
    onAll(CHECK, '```yaml expect', 'a: [', '```'),
    '11:1',
    onAll(CHECK, '```yaml expect', 'a: [{{ host.name }}]', '```'),
  ],
  [
    'HR6215',
    onAll('```perl check', '{{ host.name }}', '```').replace(
      'handrail: 1',
      'handrail: 1\ninterpreters: { perl: perl - }',
    ),
    '10:1',
    onAll('```perl check literal', '{{ x }}', '```').replace(
      'handrail: 1',
      'handrail: 1\ninterpreters: { perl: perl - }',
    ),
  ],
  [
    'HR6301',
    front('params: { a: { type: secret, default: "secret:prob" } }'),
    '3:40',
    front('params: { a: { type: secret, default: "secret:probe" } }'),
  ],
  [
    'HR6302',
    info('sh check', 'echo {{ prober.name }}'),
    '9:9',
    info('sh check from=peer', 'echo {{ prober.name }}'),
  ],
  [
    'HR6303',
    onAll('```sh check as="{{ p }}"', 'a', '```').replace(
      'handrail: 1',
      'handrail: 1\nparams: { p: { type: secret } }',
    ),
    '9:20',
    onAll('```sh check as="{{ p }}"', 'a', '```').replace(
      'handrail: 1',
      'handrail: 1\nparams: { p: { type: ident } }',
    ),
  ],
  ['HR7004', info('sh check', '$ hostname'), '9:1', info('sh check', 'echo "$HOME"')],
  ['HR7005', info('sh check', ' '), '8:4', info('sh check')],
  ['HR7101', info('sh run'), '8:1', onAll('```sh run', 'a', '```', '```sh verify', 'a', '```')],
  // What other parts find, through the lint of a runbook.
  ['HR1001', info('sh check when="a ="'), '8:21', info('sh check when="true"')],
  ['HR1002', info('sh check', 'echo {{ nofil }}'), '9:9', info('sh check', 'echo {{ host.name }}')],
  [
    'HR1002',
    info('sh check', 'echo {{ params.nofil }}'),
    '9:16',
    front('params: { nofil: { type: int, value: "{{ 1 }}" } }'),
  ],
  [
    'HR1002',
    front('params: { a: { type: string, value: "{{ host.name }}" } }'),
    '3:41',
    front('params: { a: { type: string, value: "{{ inventory.name }}" } }'),
  ],
  ['HR1005', info('sh check when="1 + 1"'), '8:19', info('sh check when="1 + 1 == 2"')],
  [
    'HR1009',
    onAll('```sh check', 'a {{ p }}', '```').replace(
      'handrail: 1',
      'handrail: 1\nparams: { p: { type: secret } }',
    ),
    '10:3',
    onAll('```sh check', 'A={{ p }} a', '```').replace(
      'handrail: 1',
      'handrail: 1\nparams: { p: { type: secret } }',
    ),
  ],
  ['HR1101', info('sh check', 'echo "{{ host.name }}"'), '9:7', info('sh check', 'echo {{ host.name }}')],
  ['HR1103', info('sh check', 'a <node>'), '9:3', info('sh check', 'a "<node>"')],
  ['HR1104', info('sh check', 'a –b'), '9:3', info('sh check', 'a -b')],
  ['HR1105', info('sh check', 'a\u200Bb'), '9:2', info('sh check', 'a\tb')],
  [
    'HR1106',
    info('sh check', 'a | b'),
    '9:3',
    onAll('```sh check', 'a | b', '```', '```text expect', 'x', '```'),
  ],
  ['HR2002', options('on=mesage', CHECK), '6:18', options('on=message', CHECK)],
  ['HR2002', info('sh check from=mesage'), '8:18', info('sh check from=message')],
]

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
