import { brandAs } from '../../core/base/ids.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import { escapeInvisible } from '../../core/journal/escape-invisible.ts'
import type { TextStream } from '../cli-world.ts'

/** How a line is set off where colours may be used; it never carries meaning of its own. */
export type Tone = 'plain' | 'strong' | 'quiet' | 'good' | 'bad' | 'warning'

/** The only ways by which a command writes. Nothing but safe text reaches a stream, and secrets are masked last. */
export type Output = {
  /** For a person: standard output, or standard error where standard output carries JSON. */
  readonly tell: (text: SafeText, tone?: Tone) => void
  /** For a person, always on standard error: problems and next steps. */
  readonly warn: (text: SafeText, tone?: Tone) => void
  /** One JSON value on standard output: on one line, or laid out for reading. */
  readonly json: (value: unknown, layout?: 'line' | 'pages') => void
  /** A whole document (a report) on standard output, as it is. */
  readonly document: (text: SafeText) => void
  /** Masks all that follows; set again whenever a secret becomes known. */
  readonly setMask: (mask: (text: string) => string) => void
  readonly columns: number
}

/** What decides how output looks. */
export type OutputOptions = {
  readonly stdout: TextStream
  readonly stderr: TextStream
  readonly json: boolean
  readonly ascii: boolean
  readonly color: boolean
}

/** Width that plain text is laid out for where a stream has none. */
const DEFAULT_COLUMNS = 80

/** Opens the output of one command. */
export function openOutput({ stdout, stderr, json, ascii, color }: OutputOptions): Output {
  let mask = keepAll
  const put = (stream: TextStream, text: SafeText, tone: Tone): void => {
    const plain = ascii ? replaceSymbols(mask(text)) : mask(text)
    const isColoured = color && stream.isTTY === true && TONES[tone] !== ''
    stream.write(`${isColoured ? `\u001B[${TONES[tone]}m${plain}\u001B[0m` : plain}\n`)
  }
  return {
    tell: (text, tone = 'plain') => put(json ? stderr : stdout, text, tone),
    warn: (text, tone = 'plain') => put(stderr, text, tone),
    json: (value, layout = 'pages') => {
      const text = JSON.stringify(value, undefined, layout === 'pages' ? 2 : undefined)
      const lines = text.split('\n').map((line) => mask(escapeInvisible(line)))
      stdout.write(`${lines.join('\n')}\n`)
    },
    document: (text) => stdout.write(mask(text)),
    setMask: (next) => {
      mask = next
    },
    columns: stdout.columns ?? DEFAULT_COLUMNS,
  }
}

/** No secret is known yet. */
function keepAll(text: string): string {
  return text
}

/** SGR parameters; yellow would vanish on a light background. */
const TONES: Readonly<Record<Tone, string>> = {
  plain: '',
  strong: '1',
  quiet: '2',
  good: '32',
  bad: '31',
  warning: '35',
}

const ASCII: Readonly<Record<string, string>> = {
  '·': '-',
  '→': '->',
  '…': '...',
  '✓': '+',
  '✗': 'x',
  '«': '<',
  '»': '>',
  '—': '-',
  '–': '-',
  '×': 'x',
}

/** Writes our own symbols in ASCII; other characters of names and texts stay as they are. */
function replaceSymbols(text: string): SafeText {
  return brandAs<SafeText>(text.replace(/[·→…✓✗«»—–×]/gu, (symbol) => ASCII[symbol] ?? symbol))
}
