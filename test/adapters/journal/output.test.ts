import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hashBytes } from '../../../src/adapters/journal/hash-text.ts'
import type { OutputLayout } from '../../../src/adapters/journal/output-layout.ts'
import { MAX_SHOWN_LINE_BYTES, openOutputReader } from '../../../src/adapters/journal/output-reader.ts'
import { openOutputWriter as openWriter } from '../../../src/adapters/journal/output-writer.ts'
import type { JobId } from '../../../src/core/base/ids.ts'
import { buildDirectory } from './run-builder.ts'

const TINY: OutputLayout = { blockBytes: 4, headBytes: 8, segmentBytes: 8, segments: 3 }
const OUT = { job: 'a1.1' as JobId, stream: 'stdout' } as const

function buildOutputs(): string {
  const directory = buildDirectory()
  mkdirSync(join(directory, 'out'), { mode: 0o700 })
  return join(directory, 'out')
}

async function openOutputWriter(...args: Parameters<typeof openWriter>) {
  const writer = await openWriter(...args)
  onTestFinished(() => writer.close())
  return writer
}

async function write(outputs: string, text: string, layout?: OutputLayout) {
  const writer = await openOutputWriter(outputs, OUT, layout)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 5) await writer.append(bytes.subarray(at, at + 5))
  return writer
}

/** The window as text: one string a line, `~` behind a cut one, `<bytes/lines>` for a gap. */
async function readWindow(outputs: string, from: number, count: number): Promise<string[]> {
  const { items } = await openOutputReader(outputs, OUT).lines(from, count)
  return items.map((item) =>
    item.kind === 'gap'
      ? `<${item.droppedBytes}/${item.droppedLines}>`
      : `${item.line}:${Buffer.from(item.bytes).toString()}${item.cut ? '~' : ''}`,
  )
}

test('a stream is kept byte by byte, with its digest', async () => {
  const outputs = buildOutputs()
  const text = 'one\n\u001b[31mtwo\n\nno newline \0'
  const writer = await write(outputs, text)
  const summary = await writer.finish()
  const digest = hashBytes(Buffer.from(text))
  expect(summary).toEqual({ bytes: text.length, lines: 3, droppedBytes: 0, digest })
  expect(await openOutputReader(outputs, OUT).size()).toEqual({
    bytes: text.length,
    lines: 3,
    droppedBytes: 0,
    summary,
  })
  expect(readFileSync(join(outputs, 'a1.1.stdout', '000000'), 'utf8')).toBe(text)
  await expect(writer.append(Buffer.from('x'))).rejects.toThrow('has ended')
})

test('a window shows any lines, and the last one without a newline', async () => {
  const outputs = buildOutputs()
  await (await write(outputs, 'a\nbb\n\nccc\nd')).flush()
  expect(await readWindow(outputs, 0, 99)).toEqual(['0:a', '1:bb', '2:', '3:ccc', '4:d'])
  expect(await readWindow(outputs, 2, 2)).toEqual(['2:', '3:ccc'])
  expect(await readWindow(outputs, 5, 2)).toEqual([])
  expect(await readWindow(outputs, 0, 0)).toEqual([])
})

describe('beyond the cap', () => {
  // 26 lines of 4 bytes: the head keeps 8, three segments keep the end.
  const text = Array.from({ length: 26 }, (_, n) => `${String(n).padStart(3, '0')}\n`).join('')

  test('the beginning and the end are kept, with a gap that says what is missing', async () => {
    const outputs = buildOutputs()
    const writer = await write(outputs, text, TINY)
    expect(await readWindow(outputs, 0, 99)).toEqual([
      '0:000',
      '1:001',
      '<72/18>',
      ...[20, 21, 22, 23, 24, 25].map((n) => `${n}:0${n}`),
    ])
    expect(await readWindow(outputs, 22, 2)).toEqual(['22:022', '23:023'])
    expect(await readWindow(outputs, 9, 2)).toEqual(['<72/18>', '20:020'])
    const summary = await writer.finish()
    expect(summary).toMatchObject({ bytes: 104, lines: 26, droppedBytes: 72 })
    const kept = readdirSync(join(outputs, 'a1.1.stdout')).filter((name) => /^\d/.test(name))
    expect(kept).toEqual(['000000', '000010', '000011', '000012'])
    const all = Buffer.concat(kept.map((name) => readFileSync(join(outputs, 'a1.1.stdout', name))))
    expect(summary.digest).toBe(hashBytes(all))
  })

  test('a range of bytes ends at the gap, and begins behind it', async () => {
    const outputs = buildOutputs()
    await (await write(outputs, text, TINY)).close()
    const reader = openOutputReader(outputs, OUT)
    const read = async (from: number, size: number) => {
      const { offset, bytes } = await reader.bytes(from, size)
      return [offset, Buffer.from(bytes).toString()]
    }
    expect(await read(2, 3)).toEqual([2, '0\n0'])
    expect(await read(2, 99)).toEqual([2, '0\n001\n'])
    expect(await read(50, 6)).toEqual([80, '020\n02'])
    expect(await read(200, 6)).toEqual([200, ''])
  })

  test('line numbers survive a reopening and the loss of the index behind the gap', async () => {
    const outputs = buildOutputs()
    await (await write(outputs, text, TINY)).close()
    truncateSync(join(outputs, 'a1.1.stdout', 'lines.idx'), 8 * 20)
    const writer = await openOutputWriter(outputs, OUT)
    await writer.append(Buffer.from('end'))
    await writer.close()
    expect(await readWindow(outputs, 24, 9)).toEqual(['24:024', '25:025', '26:end'])
  })
})

test('a reopened stream goes on behind the last durable byte, whatever was written after it', async () => {
  const outputs = buildOutputs()
  const first = await write(outputs, 'durable\n', TINY)
  expect(await first.flush()).toBe(8)
  await first.append(Buffer.from('lost to a crash\n'))
  expect(first.offset()).toBe(24)
  // As a killed process leaves it: not closed.
  const second = await openOutputWriter(outputs, OUT)
  // Going on to the next file on the way made 16 bytes durable.
  expect(second.offset()).toBe(16)
  await second.append(Buffer.from('lost to a crash\nand on\n'.slice(16 - 8)))
  await second.finish()
  expect(await readWindow(outputs, 0, 9)).toEqual(['0:durable', '1:lost to a crash', '2:and on'])
})

test('zeros and half entries behind the durable offsets do not count', async () => {
  const outputs = buildOutputs()
  await (await write(outputs, 'durable\n')).close()
  appendFileSync(join(outputs, 'a1.1.stdout', 'durable.pos'), Buffer.alloc(13))
  appendFileSync(join(outputs, 'a1.1.stdout', '000000'), Buffer.alloc(4096))
  const writer = await openOutputWriter(outputs, OUT)
  expect(writer.offset()).toBe(8)
  await writer.append(Buffer.from('x'))
  expect(await writer.flush()).toBe(9)
  await writer.close()
  expect((await openOutputWriter(outputs, OUT)).offset()).toBe(9)
})

test('a line without end is cut for the window, not in the file', async () => {
  const outputs = buildOutputs()
  const writer = await openOutputWriter(outputs, OUT)
  await writer.append(Buffer.alloc(MAX_SHOWN_LINE_BYTES + 10, 'x'))
  await writer.append(Buffer.from('\nnext\n'))
  await writer.flush()
  const { items } = await openOutputReader(outputs, OUT).lines(0, 2)
  expect(items).toMatchObject([
    { line: 0, cut: true },
    { line: 1, cut: false },
  ])
  expect(items[0].kind === 'line' && items[0].bytes.length).toBe(MAX_SHOWN_LINE_BYTES)
  expect((await writer.finish()).bytes).toBe(MAX_SHOWN_LINE_BYTES + 16)
})

test('any pieces, cut and reopened anywhere, give the same stream as one piece', async () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(piece, fc.constantFrom('', 'flush', 'reopen')), { maxLength: 25 }),
      async (steps) => {
        const outputs = buildOutputs()
        let writer = await openOutputWriter(outputs, OUT, TINY)
        let text = ''
        for (const [bytes, then] of steps) {
          await writer.append(Buffer.from(bytes))
          text += bytes
          if (then === 'flush') expect(await writer.flush()).toBe(text.length)
          if (then !== 'reopen') continue
          await writer.close()
          writer = await openOutputWriter(outputs, OUT, TINY)
        }
        const { bytes, lines, droppedBytes } = await writer.finish()
        expect([bytes, lines]).toEqual([text.length, text.split('\n').length - 1])
        const all = text.split('\n').map((line, number) => `${number}:${line}`)
        const shown = await readWindow(outputs, 0, 99)
        if (droppedBytes === 0)
          expect(shown).toEqual(text.endsWith('\n') || text === '' ? all.slice(0, -1) : all)
        else {
          const after = shown.slice(shown.findIndex((item) => item.startsWith('<')) + 2)
          expect(all.join('|')).toContain(after.join('|'))
          expect(shown.length).toBeGreaterThan(1)
        }
        // What a window from the middle shows is what the whole shows from there on.
        const from = Math.floor(lines / 2)
        const window = await readWindow(outputs, from, 3)
        if (droppedBytes === 0) expect(window).toEqual(shown.slice(from, from + 3))
        rmSync(outputs, { recursive: true })
      },
    ),
    { numRuns: 40 },
  )
})

test('two appends at once keep their order', async () => {
  const outputs = buildOutputs()
  const writer = await openOutputWriter(outputs, OUT, TINY)
  await Promise.all(['aaaa\n', 'bbbb\n', 'cc\n'].map((text) => writer.append(Buffer.from(text))))
  await writer.flush()
  expect(await readWindow(outputs, 0, 9)).toEqual(['0:aaaa', '1:bbbb', '2:cc'])
})

test('a job id that is no id and a damaged description are refused', async () => {
  const outputs = buildOutputs()
  await expect(openOutputWriter(outputs, { ...OUT, job: '../x' as JobId })).rejects.toThrow('not a job id')
  await write(outputs, 'x', TINY)
  writeFileSync(join(outputs, 'a1.1.stdout', 'meta.json'), '{}')
  await expect(openOutputWriter(outputs, OUT)).rejects.toThrow('damaged')
})

test('a stream without a byte has no files, and takes bytes at any time until it ends', async () => {
  const outputs = buildOutputs()
  const quiet = await openOutputWriter(outputs, OUT)
  await quiet.append(Buffer.alloc(0))
  expect([quiet.offset(), await quiet.flush()]).toEqual([0, 0])
  expect(await quiet.finish()).toEqual({
    bytes: 0,
    lines: 0,
    droppedBytes: 0,
    digest: hashBytes(Buffer.alloc(0)),
  })
  expect(existsSync(join(outputs, 'a1.1.stdout'))).toBe(false)
  await expect(quiet.append(Buffer.from('late'))).rejects.toThrow('has ended')
  expect(await openOutputReader(outputs, OUT).size()).toBe(null)
  const again = await openOutputWriter(outputs, OUT)
  await Promise.all([again.append(Buffer.from('one\n')), again.append(Buffer.from('two\n'))])
  expect([again.offset(), await again.flush()]).toEqual([8, 8])
  expect(await readWindow(outputs, 0, 9)).toEqual(['0:one', '1:two'])
})
