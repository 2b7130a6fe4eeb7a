import { quoteShellWord } from '../remote-job/quote-shell-word.ts'
import type { ExactCommand } from '../step/fill-command.ts'

/** Bytes of one stream of a probe that are looked at; more makes it inconclusive. 4 MiB holds any sane answer. */
export const PROBE_OUTPUT_MAX_BYTES = 4 * 1024 * 1024

/**
 * The whole standard input of a probe: variables, frame, the body on a descriptor of its own (so that what the
 * body reads from standard input is empty, not the script), and the exit code in a trailer.
 */
export function renderProbe(command: ExactCommand, nonce: string): string {
  const variables = Object.entries(command.variables).map(
    ([name, value]) => `${name}=${quoteShellWord(value)}\nexport ${name}\n`,
  )
  const end = `HANDRAIL_END_${nonce}`
  const body = command.body.endsWith('\n') || command.body === '' ? command.body : `${command.body}\n`
  const run =
    command.interpreter === undefined
      ? `/bin/sh /dev/fd/3 3<<'${end}' </dev/null\n${body}${end}\n`
      : `${command.interpreter} <<'${end}'\n${body}${end}\n`
  const directory =
    command.cwd === undefined
      ? ''
      : `cd ${quoteShellWord(command.cwd)} || { printf '\\n@%s cwd\\n' ${nonce} >&2; exit 1; }\n`
  const begin = `printf '\\n@%s begin\\n' ${nonce}\nprintf '\\n@%s begin\\n' ${nonce} >&2\n`
  return `{\n${variables.join('')}${directory}${begin}${run}handrail_code=$?\nprintf '\\n@%s end %s\\n' ${nonce} "$handrail_code" >&2\nexit "$handrail_code"\n}\n`
}

/** What came back of a probe. `code` is absent where the trailer is: then nothing is known. */
export type ProbeReply = {
  readonly code: number | undefined
  /** The directory of `cwd=` could not be entered. */
  readonly noDirectory: boolean
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
}

/** Takes the framed streams of a probe apart; what stands before the frame is a login shell's noise. */
export function parseProbeReply(
  streams: { readonly stdout: Uint8Array; readonly stderr: Uint8Array },
  nonce: string,
): ProbeReply {
  const begin = encode(`\n@${nonce} begin\n`)
  const end = encode(`\n@${nonce} end `)
  const stdout = after(streams.stdout, begin)
  const stderr = after(streams.stderr, begin)
  const noDirectory = indexOf(streams.stderr, encode(`\n@${nonce} cwd\n`)) !== -1
  const at = stderr === undefined ? -1 : indexOf(stderr, end)
  if (stdout === undefined || stderr === undefined || at === -1) {
    return {
      code: undefined,
      noDirectory,
      stdout: stdout ?? new Uint8Array(0),
      stderr: stderr ?? new Uint8Array(0),
    }
  }
  const code = Number.parseInt(
    String.fromCharCode(...stderr.subarray(at + end.length, at + end.length + 4)),
    10,
  )
  return { code: Number.isNaN(code) ? undefined : code, noDirectory, stdout, stderr: stderr.subarray(0, at) }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function after(bytes: Uint8Array, marker: Uint8Array): Uint8Array | undefined {
  const at = indexOf(bytes, marker)
  return at === -1 ? undefined : bytes.subarray(at + marker.length)
}

function indexOf(bytes: Uint8Array, marker: Uint8Array): number {
  for (let at = bytes.indexOf(marker[0]!); at !== -1; at = bytes.indexOf(marker[0]!, at + 1)) {
    if (marker.every((byte, index) => bytes[at + index] === byte)) return at
  }
  return -1
}
