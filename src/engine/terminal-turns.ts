/** Who waits for the person's terminal, one after the other. */
export type TerminalTurns = {
  /** Resolves when it is one's turn, with what ends the turn. */
  readonly take: () => { readonly isMine: Promise<void>; readonly end: () => void }
}

/** Nobody has it and nobody waits. */
export function createTerminalTurns(): TerminalTurns {
  let last: Promise<void> = Promise.resolve()
  return {
    take() {
      const isMine = last
      const turn = Promise.withResolvers<void>()
      last = isMine.then(() => turn.promise)
      return { isMine, end: turn.resolve }
    },
  }
}
