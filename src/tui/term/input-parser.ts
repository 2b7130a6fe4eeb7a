import { nameCharacter, nameCsiKey, nameSs3Key } from './escape-keys.ts'
import type { NamedKey } from './escape-keys.ts'
import type { InputEvent } from './input-event.ts'

/** How long a lone Esc may be the start of a sequence, in milliseconds: what a slow link needs, and nobody feels. */
export const ESCAPE_WAIT_MS = 40
/** How long the rest of a begun sequence may take, in milliseconds; after that its bytes are dropped, never typed. */
export const SEQUENCE_WAIT_MS = 500
/** Longest paste that is kept, in characters; a field takes far less. */
const MAX_PASTE_CHARACTERS = 1024 * 1024
/** Longest control sequence of a keyboard or a reply, in characters; real ones stay below 200. */
const MAX_SEQUENCE_CHARACTERS = 4096

const ESC = '\u001b'
const PASTE_END = '\u001b[201~'

/**
 * Takes apart what comes from the terminal: keys one by one however they were read, pastes as a whole,
 * mouse, focus, and replies. A sequence may be cut anywhere; nothing of one is ever typed as text.
 */
export class InputParser {
  readonly #decoder = new TextDecoder('utf-8')
  #rest = ''
  #chunk = 0

  /** Takes one read; gives the events that are complete. */
  feed(bytes: Uint8Array): InputEvent[] {
    this.#chunk += 1
    this.#rest += this.#decoder.decode(bytes, { stream: true })
    return this.#take()
  }

  /** What an incomplete rest waits for: how long, in milliseconds, until `expire` is due; 0 for nothing. */
  waitMs(): number {
    if (this.#rest === '') return 0
    return this.#rest === ESC ? ESCAPE_WAIT_MS : SEQUENCE_WAIT_MS
  }

  /** The rest did not come: a lone Esc was the key; a begun sequence is dropped. */
  expire(): InputEvent[] {
    const rest = this.#rest
    this.#rest = ''
    if (rest === ESC) return [{ type: 'key', key: 'esc', chunk: this.#chunk }]
    if (rest.startsWith('\u001b[200~')) return [{ type: 'paste', text: rest.slice(6), chunk: this.#chunk }]
    return []
  }

  #take(): InputEvent[] {
    const events: InputEvent[] = []
    while (this.#rest !== '') {
      const taken = this.#rest.startsWith(ESC) ? this.#takeEscape() : this.#takeCharacter()
      if (taken === undefined) break
      if (taken !== 'nothing') events.push(taken)
    }
    return events
  }

  #takeCharacter(): InputEvent {
    const char = String.fromCodePoint(this.#rest.codePointAt(0) ?? 0)
    this.#rest = this.#rest.slice(char.length)
    return this.#key(nameCharacter(char))
  }

  #takeEscape(): InputEvent | 'nothing' | undefined {
    const second = this.#rest[1]
    if (second === undefined) return undefined
    if (second === '[') return this.#takeCsi()
    if (second === 'O') return this.#takeSs3()
    if (second === ']' || second === 'P' || second === '_' || second === '^' || second === 'X')
      return this.#takeString()
    this.#rest = this.#rest.slice(1)
    if (second === ESC) return { type: 'key', key: 'esc', chunk: this.#chunk }
    const char = String.fromCodePoint(this.#rest.codePointAt(0) ?? 0)
    this.#rest = this.#rest.slice(char.length)
    return { type: 'key', key: `alt+${nameCharacter(char).key}`, chunk: this.#chunk }
  }

  #takeCsi(): InputEvent | 'nothing' | undefined {
    // The Linux console sends F1 to F5 as `CSI [ A`, old xterm a mouse press as `CSI M` and three bytes.
    const odd = /^\u001b\[(?:\[([A-E])|M([^]{3}))/.exec(this.#rest)
    if (odd !== null) {
      this.#rest = this.#rest.slice(odd[0].length)
      return odd[1] === undefined ? 'nothing' : this.#key({ key: `f${odd[1].charCodeAt(0) - 64}` })
    }
    if (/^\u001b\[(?:\[|M[^]{0,2})$/.test(this.#rest)) return undefined
    const match = /^\u001b\[([0-9:;<=>?]*)([ -/]*)([@-~])?/.exec(this.#rest)!
    const [whole, parameters = '', intermediates = '', final] = match
    if (final === undefined) {
      if (whole.length === this.#rest.length && whole.length < MAX_SEQUENCE_CHARACTERS) return undefined
      this.#rest = this.#rest.slice(whole.length)
      return 'nothing'
    }
    if (parameters === '200' && final === '~') return this.#takePaste()
    this.#rest = this.#rest.slice(whole.length)
    if (parameters.startsWith('<') && (final === 'M' || final === 'm')) return this.#mouse(parameters, final)
    if (parameters === '' && (final === 'I' || final === 'O'))
      return { type: 'focus', hasFocus: final === 'I', chunk: this.#chunk }
    const named = intermediates === '' ? nameCsiKey(parameters, final) : undefined
    return named === undefined ? { type: 'reply', chunk: this.#chunk } : this.#key(named)
  }

  #takeSs3(): InputEvent | 'nothing' | undefined {
    const final = this.#rest[2]
    if (final === undefined) return undefined
    this.#rest = this.#rest.slice(3)
    const named = nameSs3Key(final)
    return named === undefined ? 'nothing' : this.#key(named)
  }

  #takeString(): InputEvent | 'nothing' | undefined {
    const end = /\u0007|\u001b\\|\u009c/.exec(this.#rest)
    if (end === null) {
      if (this.#rest.length < MAX_SEQUENCE_CHARACTERS) return undefined
      this.#rest = ''
      return 'nothing'
    }
    this.#rest = this.#rest.slice(end.index + end[0].length)
    return { type: 'reply', chunk: this.#chunk }
  }

  #takePaste(): InputEvent | undefined {
    const end = this.#rest.indexOf(PASTE_END)
    if (end < 0) {
      if (this.#rest.length > MAX_PASTE_CHARACTERS) this.#rest = this.#rest.slice(0, MAX_PASTE_CHARACTERS)
      return undefined
    }
    const text = this.#rest.slice(6, end)
    this.#rest = this.#rest.slice(end + PASTE_END.length)
    return { type: 'paste', text, chunk: this.#chunk }
  }

  #mouse(parameters: string, final: string): InputEvent {
    const [button = 0, x = 1, y = 1] = parameters.slice(1).split(';').map(Number)
    return { type: 'mouse', button, x: x - 1, y: y - 1, isRelease: final === 'm', chunk: this.#chunk }
  }

  #key(named: NamedKey): InputEvent {
    return { type: 'key', ...named, chunk: this.#chunk }
  }
}
