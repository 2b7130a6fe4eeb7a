import { escapePattern } from './pattern.ts'

/** A run of expanded text; `split`: it came from an unquoted expansion. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean; readonly split: boolean }
  /** Ends a field, as between the parameters of `"$@"`. */
  | { readonly kind: 'break' }
  /** A `"$@"` without parameters: it makes no field of its own. */
  | { readonly kind: 'nothing' }

/** A field as text and as the pattern it is if it is looked up among file names. */
export type Field = { readonly text: string; readonly pattern: string }

/** Cuts expanded pieces into fields at the characters of IFS. */
export function splitFields(pieces: readonly Piece[], ifs: string): Field[] {
  const splitter = new Splitter(ifs)
  for (const piece of pieces) {
    if (piece.kind === 'break') splitter.finish(true)
    else if (piece.kind === 'nothing') splitter.forgetQuotes()
    else if (piece.split && !piece.quoted) splitter.splitText(piece.text)
    else splitter.addWhole(piece.text, piece.quoted)
  }
  splitter.finish(false)
  return splitter.fields
}

class Splitter {
  readonly fields: Field[] = []
  private readonly whitespace: ReadonlySet<string>
  private readonly separators: ReadonlySet<string>
  private text = ''
  private pattern = ''
  private exists = false
  private onlyQuotes = true
  private afterWhitespace = false
  constructor(ifs: string) {
    this.separators = new Set(ifs)
    this.whitespace = new Set([...ifs].filter((char) => ' \t\n'.includes(char)))
  }

  addWhole(text: string, quoted: boolean): void {
    if (text !== '' || quoted) this.exists = true
    if (text !== '') this.onlyQuotes = false
    this.text += text
    this.pattern += quoted ? escapePattern(text) : text
    this.afterWhitespace = false
  }

  forgetQuotes(): void {
    if (this.onlyQuotes) this.exists = false
  }

  finish(isForced: boolean): void {
    if (this.exists || (isForced && !this.onlyQuotes))
      this.fields.push({ text: this.text, pattern: this.pattern })
    this.text = ''
    this.pattern = ''
    this.exists = false
    this.onlyQuotes = true
  }

  splitText(text: string): void {
    for (const char of text) {
      if (!this.separators.has(char)) {
        this.text += char
        this.pattern += char
        this.exists = true
        this.onlyQuotes = false
        this.afterWhitespace = false
      } else if (this.whitespace.has(char)) {
        if (this.exists) {
          this.finish(false)
          this.afterWhitespace = true
        }
      } else if (this.exists) this.finish(false)
      else if (this.afterWhitespace) this.afterWhitespace = false
      else this.fields.push({ text: '', pattern: '' })
    }
  }
}
