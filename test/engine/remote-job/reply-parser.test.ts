import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReplyParser } from '../../../src/engine/remote-job/reply-parser.ts'
import { collect } from './shells.ts'

const NONCE = '0123456789abcdef0000000000000000'
const FRAME = '@0123456789abcdef'

function read(stdout: Buffer, stderr: Buffer, cut: (bytes: Buffer) => Buffer[] = (bytes) => [bytes]) {
  const parser = createReplyParser(NONCE, { out: 10, err: 0 })
  const events = [
    ...cut(stdout).flatMap((chunk) => parser.push('stdout', chunk)),
    ...cut(stderr).flatMap((chunk) => parser.push('stderr', chunk)),
  ]
  return { events, result: parser.finish(), isComplete: parser.isComplete() }
}

const reply = (out: Buffer, err: Buffer, trailer: string) =>
  [
    Buffer.concat([Buffer.from(`Welcome!${FRAME} begin\n`), out]),
    Buffer.concat([Buffer.from(`bash: x\n${FRAME} begin verb=follow\n`), err, Buffer.from(trailer)]),
  ] as const

describe('the reply parser', () => {
  it('gives the same bytes however the reply is cut', () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array))
    const nasty = fc.oneof(
      bytes,
      fc
        .constantFrom(`\n${FRAME}!`, `\n${FRAME.slice(0, 9)}`, '\n@', '\n\n')
        .map((text) => Buffer.from(text)),
    )
    const body = fc.array(nasty, { maxLength: 6 }).map((parts) => Buffer.concat(parts))
    fc.assert(
      fc.property(
        body,
        body,
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        (out, err, sizes) => {
          const trailer = `\n${FRAME} end exit code=000 sent=1 out=${out.length + 10} err=${err.length}\n`
          const { events, result } = read(...reply(out, err, trailer), (whole) => cutInto(whole, sizes))
          expect(result.status).toBe('complete')
          expect(collect(events, 'stdout').equals(out)).toBe(true)
          expect(collect(events, 'stderr').equals(err)).toBe(true)
          expect(collect(events, 'stdout', 'noise').toString()).toBe('Welcome!')
          expect(collect(events, 'stderr', 'noise').toString()).toBe('bash: x')
        },
      ),
    )
  })

  it.each([
    ['a trailer with other counts', `\n${FRAME} end exit code=000 sent=1 out=11 err=3\n`, 'count-mismatch'],
    ['no trailer', '', 'no-trailer'],
    ['half a trailer', `\n${FRAME} end exit code=000 sent=1 out=13 err=3`, 'no-trailer'],
    [
      'a trailer of another exchange',
      `\n@fedcba9876543210 end exit code=000 sent=1 out=13 err=3\n`,
      'no-trailer',
    ],
  ])('calls %s lost', (_, trailer, reason) => {
    const { result, isComplete } = read(...reply(Buffer.from('abc'), Buffer.from('def'), trailer))
    expect({ ...result, isComplete }).toMatchObject({ status: 'lost', reason, isComplete: false })
  })

  it('calls a reply without header lost and all of it noise', () => {
    const { events, result } = read(Buffer.from('This account is not available.\n'), Buffer.from('sorry\n'))
    expect(result).toMatchObject({ status: 'lost', reason: 'no-header', received: { out: 0, err: 0 } })
    expect(collect(events, 'stdout', 'noise').toString()).toBe('This account is not available.\n')
  })
})

function cutInto(whole: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0, turn = 0; at < whole.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    chunks.push(whole.subarray(at, at + size))
    at += size
  }
  return chunks
}
