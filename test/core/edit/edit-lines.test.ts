import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codesOf, diffLines, edit, readFixture } from './edit-fixture.ts'

const editLines = (language: 'properties' | 'ini' | 'crontab', fixture: string, wanted: string): string[] => {
  const before = readFixture(fixture)
  return diffLines(before, edit(language, before, wanted))
}

type Row = { readonly current: string | undefined; readonly wanted: string; readonly expected: string }
const check = (language: 'properties' | 'ini' | 'crontab', { current, wanted, expected }: Row): void =>
  expect(edit(language, current, wanted)).toBe(expected)

describe('properties', () => {
  test('a real cassandra-rackdc.properties', () => {
    expect(
      editLines(
        'properties',
        'cassandra-rackdc.properties',
        'dc=DC1\nrack=RACK1\nprefer_local=true\nnew=1\n',
      ),
    ).toEqual(['-dc=dc1', '-rack=rack1', '+dc=DC1', '+rack=RACK1', '+prefer_local=true', '+new=1'])
  })

  test.each<[string, string | undefined, string, string]>([
    ['no file', undefined, 'a=1\n# c\nb=2 \n', 'a=1\n# c\nb=2\n'],
    ['no final newline', 'a=1', 'b=2', 'a=1\nb=2'],
    ['line ends of Windows', 'a=1\r\nb=2\r\n', 'a=3\nc=4\n', 'a=3\r\nb=2\r\nc=4\r\n'],
    ['separators and blanks stay', 'a : 1\nb 2\nc=3\n', 'a=4\nb=5\n', 'a : 4\nb 5\nc=3\n'],
    ['a trailing blank is part of the value', 'dc=DC1 \n', 'dc=DC1\n', 'dc=DC1\n'],
    ['a value over several lines', 'a=1,\\\n   2\nb=3\n', 'a=4\n', 'a=4\nb=3\n'],
    ['an equal value over several lines', 'a=1,\\\n   2\n', 'a=1,2\n', 'a=1,\\\n   2\n'],
    ['escapes that mean the same', 'a=\\u0041\\:b\n', 'a=A:b\n', 'a=\\u0041\\:b\n'],
    ['a key with an escaped blank', 'my\\ key=1\n', 'my\\ key=2\n', 'my\\ key=2\n'],
    ['an empty value', 'a=\n', 'a=1\n', 'a=1\n'],
    ['a byte order mark', '\ufeffa=1\n', 'a=2\n', '\ufeffa=2\n'],
    ['a commented-out key', '#a=1\nb=2\n', 'a=3\n', '#a=1\na=3\nb=2\n'],
  ])('%s', (_name, current, wanted, expected) => check('properties', { current, wanted, expected }))

  test('finds what is wrong', () => {
    expect(codesOf('properties', 'a=1\n', 'a')).toEqual(['HR3105'])
    expect(codesOf('properties', 'a=1\n', 'a=1\na=2')).toEqual(['HR3103'])
    expect(codesOf('properties', 'a=1\n', 'a=2 \n')).toEqual(['HR3106'])
    expect(codesOf('properties', 'a=1\na=2\n', 'a=3')).toEqual(['HR3208'])
    expect(edit('properties', 'a=1\na=2\n', 'a=3')).toBe('a=1\na=3\n')
  })
})

describe('ini', () => {
  test('a systemd unit with repeated sections and keys', () => {
    const wanted = `[Service]
LimitNOFILE=65536
Restart=always
TimeoutStopSec=60
ExecStart=/usr/bin/message-queue --foreground
[Unit]
After=network.target
After=time-sync.target
After=local-fs.target
[Slice]
CPUWeight=50
`
    expect(editLines('ini', 'message.service', wanted)).toEqual([
      '-After=syslog.target',
      '+After=time-sync.target',
      '+After=local-fs.target',
      '-ExecStart=/usr/bin/message-queue \\',
      '-    --config /etc/message.conf \\',
      '-    --foreground',
      '+ExecStart=/usr/bin/message-queue --foreground',
      '-Restart=on-failure',
      '+LimitNOFILE=65536',
      '+Restart=always',
      '-TimeoutStopSec=30',
      '+TimeoutStopSec=60',
      '+[Slice]',
      '+CPUWeight=50',
      '+',
    ])
  })

  test('a cqlshrc', () => {
    const wanted =
      '[connection]\nhostname = 10.0.0.1\ntimeout = 30\n[ssl]\nvalidate = true\nversion = TLSv1_2\n[authentication]\nusername = app\n'
    expect(editLines('ini', 'cqlshrc', wanted)).toEqual([
      '+username = app',
      '-hostname = 127.0.0.1',
      '+hostname = 10.0.0.1',
      '+timeout = 30',
      '+validate = true',
      '+version = TLSv1_2',
    ])
  })

  test.each<[string, string | undefined, string, string]>([
    ['no file', undefined, '[a]\nb=1\n', '[a]\nb=1\n'],
    ['an empty file', '', '[a]\nb=1\n', '[a]\nb=1\n'],
    ['no final newline', '[a]\nb=1', '[a]\nc=2', '[a]\nb=1\nc=2'],
    ['line ends of Windows', '[a]\r\nb=1\r\n', '[a]\nb=2\nc=3\n', '[a]\r\nb=2\r\nc=3\r\n'],
    ['spaces around the sign stay', '[a]\n  b  =  1\n', '[a]\nb=2\n', '[a]\n  b  =  2\n'],
    ['keys before any section', 'b=1\n[a]\nb=1\n', 'b=2\n', 'b=2\n[a]\nb=1\n'],
    ['the same key in another section', '[a]\nk=1\n[b]\nk=1\n', '[b]\nk=2\n', '[a]\nk=1\n[b]\nk=2\n'],
    ['a list that shrinks', '[a]\nk=1\nk=2\nk=3\n', '[a]\nk=1\nk=9\n', '[a]\nk=1\nk=9\n'],
    ['an empty section', '[a]\n\n[b]\n', '[a]\nk=1\n', '[a]\nk=1\n\n[b]\n'],
    ['an indented continuation', '[a]\nk = 1\n    2\nj=3\n', '[a]\nk=9\n', '[a]\nk = 9\nj=3\n'],
  ])('%s', (_name, current, wanted, expected) => check('ini', { current, wanted, expected }))

  test('finds what is wrong', () => {
    expect(codesOf('ini', '[a]\nb=1\n', '[a]\nb')).toEqual(['HR3105'])
    expect(codesOf('ini', '[a]\nb=1\nb=2\n', '[a]\nb=3\n')).toEqual(['HR3203'])
  })
})

describe('crontab', () => {
  test('a crontab with entries of other people', () => {
    const wanted =
      '# handrail:repair\n0 4 * * 0 /opt/cassandra/bin/nodetool repair -pr --full\n# handrail:backup\n@daily /usr/local/bin/backup\n'
    expect(editLines('crontab', 'crontab', wanted)).toEqual([
      '-0 3 * * 0 /opt/cassandra/bin/nodetool repair -pr',
      '+0 4 * * 0 /opt/cassandra/bin/nodetool repair -pr --full',
      '+# handrail:backup',
      '+@daily /usr/local/bin/backup',
    ])
  })

  test.each<[string, string | undefined, string, string]>([
    ['no crontab', undefined, '# handrail:a\n* * * * * x\n', '# handrail:a\n* * * * * x\n'],
    [
      'no final newline',
      '* * * * * y',
      '# handrail:a\n* * * * * x',
      '* * * * * y\n# handrail:a\n* * * * * x\n',
    ],
    ['an entry is removed', 'A=1\n# handrail:a\n* * * * * x\nB=2\n', '# handrail:a\n', 'A=1\nB=2\n'],
    [
      'an entry that lost its line',
      '# handrail:a\n\nB=2\n',
      '# handrail:a\n* * * * * x\n',
      '# handrail:a\n* * * * * x\n\nB=2\n',
    ],
    [
      'names of months and days',
      '',
      '# handrail:a\n0 3 * JAN-MAR MON,FRI x\n',
      '# handrail:a\n0 3 * JAN-MAR MON,FRI x\n',
    ],
  ])('%s', (_name, current, wanted, expected) => check('crontab', { current, wanted, expected }))

  test('finds what is wrong', () => {
    expect(codesOf('crontab', '', '* * * * * x\n')).toEqual(['HR3105'])
    expect(codesOf('crontab', '', '# handrail:a\n* * * * x\n')).toEqual(['HR3108'])
    expect(codesOf('crontab', '', '# handrail:a\n* * * * * x\n# handrail:a\n* * * * * y\n')).toEqual([
      'HR3103',
    ])
    expect(
      codesOf('crontab', '# handrail:a\n* * * * * x\n# handrail:a\n', '# handrail:a\n* * * * * y\n'),
    ).toEqual(['HR3203'])
  })
})

describe('any file of lines', () => {
  const key = fc.constantFrom('a', 'b', 'c')
  const value = fc.constantFrom('1', 'x y', '', '#2', 'z=1')
  const entries = fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, minLength: 1 })
  const other = fc.constantFrom('# a=0', '; b=0', '', 'k = v', '[s]', '[t]')
  const file = fc.array(
    fc.oneof(
      other,
      fc.tuple(key, value).map(([name, text]) => `${name} = ${text}`),
    ),
    { minLength: 1, maxLength: 12 },
  )

  test('keeps all lines but those of the wanted keys', () => {
    fc.assert(
      fc.property(
        file,
        entries,
        fc.constantFrom('properties', 'ini'),
        fc.constantFrom('\n', '\r\n'),
        (lines, wanted, language, eol) => {
          const before = lines.map((line) => line + eol).join('')
          const section = language === 'ini' ? '[s]\n' : ''
          const wantedText = section + wanted.map(([name, text]) => `${name}=${text}\n`).join('')
          if (codesOf(language as 'ini', before, wantedText).includes('HR3203')) return
          const after = edit(language as 'ini', before, wantedText)
          const names = wanted.map(([name]) => name)
          const untouched = (text: string): string[] =>
            text
              .split(eol)
              .filter(
                (line) => !names.some((name) => line.startsWith(`${name} `) || line.startsWith(`${name}=`)),
              )
          const kept = untouched(after)
          expect(untouched(before).every((line) => kept.includes(line))).toBe(true)
          expect(after.replaceAll(eol, '')).not.toMatch(/[\r\n]/)
        },
      ),
    )
  })
})
