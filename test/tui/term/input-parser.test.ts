import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { InputEvent } from '../../../src/tui/term/input-event.ts'
import { InputParser } from '../../../src/tui/term/input-parser.ts'

const ESC = '\u001b'

/** Bytes as a terminal sends them, and the events in short: key names, or the kind with its text. */
const CORPUS: readonly (readonly [string, readonly string[]])[] = [
  ['jjj', ['j', 'j', 'j']],
  ['y\r', ['y', 'enter']],
  ['G', ['G']],
  [' ', ['space']],
  ['\t', ['tab']],
  ['\u007f', ['backspace']],
  ['\u0003', ['ctrl+c']],
  ['\u001a', ['ctrl+z']],
  ['\u0000', ['ctrl+space']],
  ['é€😀', ['é', '€', '😀']],
  [`${ESC}[A${ESC}[B`, ['up', 'down']],
  [`${ESC}OA${ESC}OF`, ['up', 'end']],
  [`${ESC}[Z`, ['shift+tab']],
  [`${ESC}[1;5C`, ['ctrl+right']],
  [`${ESC}[5~${ESC}[6~`, ['pageup', 'pagedown']],
  [`${ESC}[3~`, ['delete']],
  [`${ESC}OP${ESC}[15~${ESC}[24~`, ['f1', 'f5', 'f12']],
  [`${ESC}[[A`, ['f1']],
  [`${ESC}x`, ['alt+x']],
  [`${ESC}[97;5u`, ['ctrl+a']],
  [`${ESC}[13u`, ['enter']],
  [`${ESC}[27;5;99~`, ['ctrl+c']],
  [`${ESC}[I${ESC}[O`, ['focus', 'blur']],
  [`${ESC}[<0;10;5M${ESC}[<0;10;5m`, ['mouse 9,4', 'mouse 9,4']],
  [`${ESC}[M !!a`, ['a']],
  [`${ESC}[200~rm -rf /\ny${ESC}[201~q`, ['paste rm -rf /\ny', 'q']],
  [`${ESC}[?62;c${ESC}[24;80Rj`, ['reply', 'reply', 'j']],
  [`${ESC}]11;rgb:0000/0000/0000\u0007j`, ['reply', 'j']],
  [`${ESC}P1$r0m${ESC}\\j`, ['reply', 'j']],
  [`a${ESC}[99999zb`, ['a', 'reply', 'b']],
]

function name(event: InputEvent): string {
  switch (event.type) {
    case 'key':
      return event.key
    case 'paste':
      return `paste ${event.text}`
    case 'focus':
      return event.hasFocus ? 'focus' : 'blur'
    case 'mouse':
      return `mouse ${event.x},${event.y}`
    case 'reply':
      return 'reply'
  }
}

function parse(reads: readonly Uint8Array[]): string[] {
  const parser = new InputParser()
  const events = reads.flatMap((read) => parser.feed(read))
  return [...events, ...(parser.waitMs() > 0 ? parser.expire() : [])].map(name)
}

test.each(CORPUS)('%j is taken apart', (bytes, expected) => {
  expect(parse([Buffer.from(bytes)])).toEqual(expected)
})

test.each(CORPUS)('%j cut anywhere is the same', (bytes, expected) => {
  const all = Buffer.from(bytes)
  for (let at = 1; at < all.length; at += 1)
    expect(parse([all.subarray(0, at), all.subarray(at)])).toEqual(expected)
  expect(parse([...all].map((byte) => Uint8Array.of(byte)))).toEqual(expected)
})

test('a lone Esc is a key once nothing follows it', () => {
  const parser = new InputParser()
  expect(parser.feed(Buffer.from(ESC))).toEqual([])
  expect(parser.waitMs()).toBeGreaterThan(0)
  expect(parser.expire().map(name)).toEqual(['esc'])
})

test('a sequence that never ends is dropped, not typed', () => {
  const parser = new InputParser()
  expect(parser.feed(Buffer.from(`${ESC}[1;`))).toEqual([])
  expect(parser.expire()).toEqual([])
  expect(parser.feed(Buffer.from('j')).map(name)).toEqual(['j'])
})

test('a control character that is reported by its number is no key and no text', () => {
  const events = ['2u', '27;1;3~', '155u'].flatMap((end) =>
    new InputParser().feed(Buffer.from(`\u001b[${end}`)),
  )
  expect(events.map(({ type }) => type)).toEqual(['reply', 'reply', 'reply'])
})

test('any bytes are taken apart without an error, and no key name holds a control character', () => {
  const byte = fc.oneof(fc.constantFrom(0x1b, 0x5b, 0x4f, 0x3b, 0x7e, 0x32, 0x30, 0x4d), fc.nat(255))
  fc.assert(
    fc.property(
      fc.array(
        fc.uint8Array({ maxLength: 12 }).chain(() => fc.array(byte, { maxLength: 12 })),
        { maxLength: 8 },
      ),
      (reads) => {
        const parser = new InputParser()
        const events = reads.flatMap((read) => parser.feed(Uint8Array.from(read)))
        for (const event of [...events, ...parser.expire()])
          if (event.type === 'key') expect(event.key).not.toMatch(/[\u0000-\u001f]/)
      },
    ),
    { numRuns: 500 },
  )
})
