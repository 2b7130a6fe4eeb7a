/** Longest body of an OSC, DCS, APC, PM or SOS, in characters; what is longer was never meant as one. */
export const MAX_STRING_CHARACTERS = 4096
/** Longest parameter part of a CSI, in characters; real ones stay below 40. */
const MAX_CSI_CHARACTERS = 128

const ESC = 0x1b
const LF = 0x0a
const BEL = 0x07
const ST = 0x9c
const CAN = 0x18
const SUB = 0x1a

/** What is left of a terminal stream once its escape sequences are taken out. */
export type EscapeSink = {
  readonly print: (codePoint: number) => void
  /** A C0 control other than ESC, or DEL. C1 controls are dropped. */
  readonly control: (codePoint: number) => void
  /** A complete control sequence, e.g. final `K`, parameters `2`. */
  readonly csi: (final: string, parameters: string) => void
}

type State = 'ground' | 'escape' | 'csi' | 'string' | 'string-escape'

/**
 * The state machine that takes escape sequences apart (ECMA-48, as xterm reads them), one code point at a time.
 *
 * A string (OSC, DCS, APC, PM, SOS) ends with BEL or ST and is dropped; one that runs into the end of its line,
 * of the stream, or over {@link MAX_STRING_CHARACTERS} was no string, and its body is printed as text.
 */
export class EscapeParser {
  readonly #sink: EscapeSink
  #state: State = 'ground'
  #body: number[] = []

  constructor(sink: EscapeSink) {
    this.#sink = sink
  }

  push(codePoint: number): void {
    if (this.#state === 'ground') this.#ground(codePoint)
    else if (this.#state === 'escape') this.#escape(codePoint)
    else if (this.#state === 'csi') this.#csi(codePoint)
    else if (this.#state === 'string') this.#string(codePoint)
    else this.#stringEscape(codePoint)
  }

  /** Ends the stream: the body of a string that never ended is printed, so that nothing can be hidden by one. */
  end(): void {
    if (this.#state === 'string' || this.#state === 'string-escape') this.#releaseString()
    this.#enter('ground')
  }

  #enter(next: State): void {
    this.#state = next
    this.#body = []
  }

  #releaseString(): void {
    const printed = this.#body
    this.#enter('ground')
    for (const codePoint of printed) this.#ground(codePoint)
  }

  #ground(codePoint: number): void {
    if (codePoint === ESC) return this.#enter('escape')
    if (codePoint < 0x20 || codePoint === 0x7f) return this.#sink.control(codePoint)
    if (codePoint < 0x80 || codePoint > 0x9f) return this.#sink.print(codePoint)
    if (codePoint === 0x9b) return this.#enter('csi')
    if (isStringStart(codePoint - 0x40)) this.#enter('string')
  }

  #escape(codePoint: number): void {
    if (codePoint >= 0x20 && codePoint <= 0x2f && this.#body.length < MAX_CSI_CHARACTERS) {
      this.#body.push(codePoint)
      return
    }
    const hasIntermediates = this.#body.length > 0
    this.#enter('ground')
    if (codePoint < 0x20 || codePoint > 0x7e) return this.#ground(codePoint)
    if (hasIntermediates) return
    if (codePoint === 0x5b) this.#enter('csi')
    else if (isStringStart(codePoint)) this.#enter('string')
  }

  #csi(codePoint: number): void {
    if (codePoint >= 0x20 && codePoint <= 0x3f && this.#body.length < MAX_CSI_CHARACTERS) {
      this.#body.push(codePoint)
      return
    }
    const parameters = String.fromCodePoint(...this.#body)
    this.#enter('ground')
    if (codePoint >= 0x40 && codePoint <= 0x7e) this.#sink.csi(String.fromCodePoint(codePoint), parameters)
    else this.#ground(codePoint)
  }

  #string(codePoint: number): void {
    if (codePoint === BEL || codePoint === ST) return this.#enter('ground')
    if (codePoint === ESC) {
      this.#state = 'string-escape'
      return
    }
    if (codePoint === LF) {
      this.#releaseString()
      return this.#ground(codePoint)
    }
    if (codePoint === CAN || codePoint === SUB || isC1(codePoint)) {
      this.#enter('ground')
      return this.#ground(codePoint)
    }
    this.#body.push(codePoint)
    if (this.#body.length > MAX_STRING_CHARACTERS) this.#releaseString()
  }

  #stringEscape(codePoint: number): void {
    if (codePoint === 0x5c) return this.#enter('ground')
    this.#enter('escape')
    this.#escape(codePoint)
  }
}

function isC1(codePoint: number): boolean {
  return codePoint >= 0x80 && codePoint <= 0x9f
}

/** Second character of `ESC P`, `ESC X`, `ESC ]`, `ESC ^` and `ESC _`. */
function isStringStart(codePoint: number): boolean {
  return codePoint === 0x50 || codePoint === 0x58 || (codePoint >= 0x5d && codePoint <= 0x5f)
}
