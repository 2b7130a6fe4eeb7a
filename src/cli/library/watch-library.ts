import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lookOnChange } from '../../adapters/files/look-on-change.ts'
import { selectRunPaths } from '../../adapters/journal/run-directory.ts'
import { findDriver, isAlive } from '../history/find-driver.ts'

/** Runs that are watched over: those written to last. */
const WATCHED_RUNS = 100
const TICK_MS = 10_000
const SETTLE_MS = 300

/**
 * Tells when runs or labs of a state directory have changed, until the returned function is called. `onLook` is told of
 * every look, whatever it found.
 */
export function watchLibrary(
  stateDirectory: string,
  listener: () => void,
  onLook = (): void => undefined,
): () => void {
  let known: string | undefined
  const look = async (): Promise<readonly string[]> => {
    const { text, directories } = await describeState(stateDirectory)
    if (known !== undefined && known !== text) listener()
    known = text
    onLook()
    return directories
  }
  return lookOnChange({ look, settleMs: SETTLE_MS, tickMs: TICK_MS })
}

type Seen = { readonly text: string; readonly directories: readonly string[] }

/** All that would change if a run or a lab did, cheaply: sizes and processes, no journal is read. */
async function describeState(stateDirectory: string): Promise<Seen> {
  const [runs, labs] = [join(stateDirectory, 'runs'), join(stateDirectory, 'labs')]
  const [kept, practice] = await Promise.all([listNewest(runs), listNames(labs)])
  const isThere = (await stat(stateDirectory).catch(() => undefined)) !== undefined
  const running = await Promise.all(kept.map(describeRun))
  const up = await Promise.all(practice.map((name) => describeLab(join(labs, name))))
  return {
    text: [...running, ...up].join('\n'),
    directories: [
      // Before the first run there is no state directory yet.
      isThere ? stateDirectory : dirname(stateDirectory),
      runs,
      labs,
      ...kept.map(({ directory }) => directory),
      ...practice.map((name) => join(labs, name)),
    ],
  }
}

type KeptRun = { readonly directory: string; readonly sizeBytes: number; readonly changedMs: number }

async function listNewest(runs: string): Promise<readonly KeptRun[]> {
  const found = await Promise.all(
    (await listNames(runs)).map(async (name): Promise<KeptRun | undefined> => {
      const directory = join(runs, name)
      const journal = await stat(selectRunPaths(directory).journal).catch(() => undefined)
      return journal === undefined
        ? undefined
        : { directory, sizeBytes: journal.size, changedMs: journal.mtimeMs }
    }),
  )
  return found
    .filter((run) => run !== undefined)
    .toSorted((one, other) => other.changedMs - one.changedMs)
    .slice(0, WATCHED_RUNS)
}

async function describeRun({ directory, sizeBytes }: KeptRun): Promise<string> {
  const driver = await findDriver(directory)
  return `${directory} ${sizeBytes} ${driver?.pid ?? ''}`
}

async function describeLab(directory: string): Promise<string> {
  const pid = Number(await readFile(join(directory, 'lab.pid'), 'utf8').catch(() => ''))
  return `${directory} ${pid > 0 && isAlive(pid) ? pid : ''}`
}

async function listNames(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => [])
  return names.filter((name) => !name.startsWith('.')).toSorted()
}
