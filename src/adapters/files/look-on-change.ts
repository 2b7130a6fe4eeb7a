import { watchDirectories } from './watch-directories.ts'

/** When to look, and what for. */
export type Lookout = {
  /** Looks; gives the directories whose changes are worth another look. One that fails is done again at the next tick. */
  readonly look: () => Promise<readonly string[]>
  /** What is written comes in bursts: so long after the first word of one it is looked, in milliseconds. */
  readonly settleMs: number
  /** Between two looks where nothing was noticed: a process that was killed leaves no other trace. */
  readonly tickMs: number
}

type Phase = 'resting' | 'soon' | 'looking' | 'looking again' | 'closed'

/**
 * Looks at once, after each change in the directories that the last look named, and at times without one; never twice
 * at the same time. Keeps no process alive; ends when the returned function is called.
 */
export function lookOnChange({ look, settleMs, tickMs }: Lookout): () => void {
  let phase: Phase = 'resting'
  let timer: NodeJS.Timeout | undefined
  const is = (wanted: Phase): boolean => phase === wanted
  const arm = (delayMs: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void lookOnce(), delayMs).unref()
  }
  const watcher = watchDirectories(() => {
    if (is('looking')) phase = 'looking again'
    if (!is('resting')) return
    phase = 'soon'
    arm(settleMs)
  })
  const lookOnce = async (): Promise<void> => {
    phase = 'looking'
    const directories = await look().catch(() => undefined)
    if (is('closed')) return
    // What happened in a directory before it was watched was not told.
    const isSoon = (directories !== undefined && watcher.set(directories)) || is('looking again')
    phase = isSoon ? 'soon' : 'resting'
    arm(isSoon ? settleMs : tickMs)
  }
  void lookOnce()
  return () => {
    phase = 'closed'
    clearTimeout(timer)
    watcher.close()
  }
}
