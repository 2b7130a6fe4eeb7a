import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildEndFilter } from '../../../src/adapters/transport/exit-trailer.ts'

const nonces = { begin: ['aa', 'bb'], end: ['cc', 'dd'] } as const

async function filter(chunks: readonly Buffer[]) {
  const { stream, digits } = buildEndFilter(nonces)
  const out: Buffer[] = []
  stream.on('data', (chunk: Buffer) => out.push(chunk))
  for (const chunk of chunks) stream.write(chunk)
  await new Promise((resolve) => {
    stream.once('end', resolve)
    stream.end()
  })
  return { text: Buffer.concat(out).toString('latin1'), digits: digits() }
}

test('the trailer is taken out wherever the stream is cut, and every other byte is kept', async () => {
  const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(
      fc.string({ maxLength: 30 }),
      fc.string({ maxLength: 10 }),
      cuts,
      async (before, after, at) => {
        fc.pre(!before.includes('cc') && !after.includes('cc'))
        const bytes = Buffer.from(`${before}ccdd007${after}`, 'latin1')
        const places = [0, ...at.toSorted((a, b) => a - b), bytes.length]
        const chunks = places.slice(1).map((to, i) => bytes.subarray(places[i], Math.max(places[i], to)))
        const whole = Buffer.concat(chunks).equals(bytes) ? chunks : [bytes]
        expect(await filter(whole)).toEqual({
          text: Buffer.from(before + after, 'latin1').toString('latin1'),
          digits: '007',
        })
      },
    ),
  )
})

test('without a trailer nothing is lost and no code is told', async () => {
  expect(await filter([Buffer.from('some ccd'), Buffer.from(' text ccdd00')])).toEqual({
    text: 'some ccd text ccdd00',
    digits: undefined,
  })
})
