import { rmSync } from 'node:fs'
import { bundleScreen } from '../scripts/bundle-screen.mjs'
import { LIVE_INVENTORY, startLiveRun } from './support/live-run.ts'
import { PtyProgram } from './support/pty-program.ts'
import { quantile } from './figure.ts'

/**
 * Figures of one machine, through a pseudo-terminal of 120x40. `screen`: the screen alone, host output made in its
 * process; `live`: `handrail run` of a command on this machine, through its runner, its journal and a client.
 */
export type TuiFigures = {
  readonly bareNodeMs: number
  readonly firstFrameMs: number
  /** First frame in starts of bare Node. */
  readonly firstFrameRatio: number
} & { readonly [name: string]: number }

type LoadFigures = {
  readonly keyP50Ms: number
  readonly keyP95Ms: number
  readonly frames: number
  readonly memoryMb: number
}

const STARTS = 20
/** As bin/handrail starts it. */
const HEAP = '--max-semi-space-size=4'
const KEYS = 60
const LOADS = [0, 10_000, 100_000] as const
const OPEN_DETAILS = 'p'
/** In the footer only while the details are closed. */
const CLOSED_TEXT = 'next host'
const CLOSE = '\u0007'
/** A frame begins with this. */
const FRAME_START = '\u001b[?2026h'

/** Measures the first frame, keys and frames under output; it asserts nothing about time. */
export async function measureTui(): Promise<TuiFigures> {
  const { directory, start } = await bundleScreen('scripts/play-screen.ts')
  try {
    // The compile cache is written on a clean exit: once before measuring.
    await measureStart([HEAP, start, 'running', '--no-keys'], 'Install packages')
    const bare: number[] = []
    const first: number[] = []
    for (let count = 0; count < STARTS; count += 1) {
      bare.push(await measureStart(['-e', 'console.log("up")'], 'up'))
      first.push(await measureStart([HEAP, start, 'running', '--no-keys'], 'Install packages'))
    }
    const loads: { [name: string]: number } = {}
    for (const linesPerSecond of LOADS) {
      const own = await measureScreen(start, linesPerSecond)
      Object.assign(loads, nameFigures(`screen ${linesPerSecond} lines/s`, own))
      Object.assign(loads, nameFigures(`live ${linesPerSecond} lines/s`, await measureLive(linesPerSecond)))
    }
    const bareNodeMs = quantile(bare, 0.5)
    const firstFrameMs = quantile(first, 0.5)
    return { bareNodeMs, firstFrameMs, firstFrameRatio: firstFrameMs / bareNodeMs, ...loads }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function nameFigures(name: string, figures: LoadFigures): { readonly [name: string]: number } {
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [`${name} ${key}`, value]))
}

async function measureStart(args: readonly string[], text: string): Promise<number> {
  const beganMs = performance.now()
  const program = new PtyProgram(process.execPath, args)
  await program.untilWritten(text, 0)
  const tookMs = performance.now() - beganMs
  program.write('q')
  await program.until(({ exit }) => exit !== undefined, 'its end')
  return tookMs
}

async function measureScreen(start: string, linesPerSecond: number): Promise<LoadFigures> {
  const args = [HEAP, start, 'running', '--no-keys', '--load', String(linesPerSecond)]
  const program = new PtyProgram(process.execPath, args)
  await program.untilWritten('Install packages', 0)
  await pause(1500)
  const figures = await measureKeys(program, 'inventories/prod.yaml')
  program.write('q')
  await program.until(({ exit }) => exit !== undefined, 'its end')
  return figures
}

async function measureLive(linesPerSecond: number): Promise<LoadFigures> {
  const live = await startLiveRun({ linesPerSecond, seconds: 60 })
  try {
    await pause(1500)
    const figures = await measureKeys(live.program, LIVE_INVENTORY, 'pause')
    await live.leave()
    return figures
  } finally {
    live.remove()
  }
}

/** Opens and closes a sheet again and again: `text` stands in it alone, `closed` only while it is closed. */
async function measureKeys(program: PtyProgram, text: string, closed = CLOSED_TEXT): Promise<LoadFigures> {
  const beganMs = performance.now()
  const framesFrom = program.written.length
  const times: number[] = []
  for (let count = 0; count < KEYS; count += 1) {
    const waiting = program.untilWritten(text)
    program.write(OPEN_DETAILS)
    times.push(await waiting)
    // Not in step with the frames.
    await pause(20 + ((count * 37) % 50))
    // Open and close within one frame would write nothing: wait until the closing was drawn.
    const closing = program.untilWritten(closed)
    program.write(CLOSE)
    await closing
    await pause(30 + ((count * 53) % 50))
  }
  const seconds = (performance.now() - beganMs) / 1000
  const frames = program.written.slice(framesFrom).split(FRAME_START).length - 1
  return {
    keyP50Ms: quantile(times, 0.5),
    keyP95Ms: quantile(times, 0.95),
    frames: frames / seconds,
    memoryMb: program.readMemoryMib(),
  }
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs)
  })
}

if (process.argv[1]?.endsWith('bench/tui.ts') === true)
  console.log(JSON.stringify(await measureTui(), null, 2))
