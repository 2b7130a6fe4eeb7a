import type { Program } from '../../program.ts'
import { encodeText } from '../../bytes.ts'
import { parseOptions, refuseOption } from './options.ts'
import { readInputs } from './read-inputs.ts'

/** `cksum [FILE…]`: the checksum of POSIX and the number of bytes. */
export const cksum: Program = async (context) => {
  const options = parseOptions(context.args, { flags: [] })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown)
  const { inputs, failed } = await readInputs(context, options.rest)
  for (const { path, text } of inputs) {
    const bytes = encodeText(text)
    const name = options.rest.length === 0 ? '' : ` ${path}`
    context.write(`${computeChecksum(bytes)} ${bytes.length}${name}\n`)
  }
  return failed ? 1 : 0
}

/** CRC-32 with the highest bit first, over the bytes and then their number, lowest byte first. */
function computeChecksum(bytes: Uint8Array): number {
  let crc = 0
  const feed = (byte: number): void => {
    crc = (crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0)
  }
  bytes.forEach(feed)
  for (let size = bytes.length; size > 0; size = Math.floor(size / 256)) feed(size % 256)
  return ~crc >>> 0
}

const POLYNOMIAL = 0x04c11db7

const TABLE: readonly number[] = Array.from({ length: 256 }, (_, index) => {
  let crc = index << 24
  for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1
  return crc
})
