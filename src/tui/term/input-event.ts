/** What a person or the terminal sent, taken apart; `chunk` counts reads, so that type-ahead can be told apart. */
export type InputEvent =
  | KeyEvent
  | { readonly type: 'paste'; readonly text: string; readonly chunk: number }
  | {
      readonly type: 'mouse'
      readonly button: number
      readonly x: number
      readonly y: number
      readonly isRelease: boolean
      readonly chunk: number
    }
  | { readonly type: 'focus'; readonly hasFocus: boolean; readonly chunk: number }
  /** An answer of the terminal to a question; never shown, never acted on. */
  | { readonly type: 'reply'; readonly chunk: number }

/** One key press. `key` is its name as in the key table: `j`, `G`, `enter`, `ctrl+c`, `alt+x`, `shift+tab`, `f1`. */
export type KeyEvent = {
  readonly type: 'key'
  readonly key: string
  /** The character that it types; absent for keys that type nothing. */
  readonly text?: string
  readonly chunk: number
}
