import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { ScenarioFault } from '../scenario/scenario-schema.ts'
import { faultSchema } from '../scenario/scenario-schema.ts'
import type { Scenario } from '../scenario/load-scenario.ts'
import { startLab } from '../scenario/start-lab.ts'
import type { Lab } from '../scenario/start-lab.ts'
import * as z from 'zod/mini'
import { askLab } from './ask-lab.ts'
import type { LabAnswer, LabRequest } from './ask-lab.ts'
import { readSavedLab, saveLab, writeLabFiles } from './lab-directory.ts'
import type { LabDirectory } from './lab-directory.ts'

export type ServeOptions = {
  readonly scenario: Scenario
  readonly directory: LabDirectory
  readonly socketPath: string
  /** A lab that nobody has used for so long ends by itself. */
  readonly idleMs?: number
  /** Calls back on SIGTERM and SIGINT. */
  readonly onTerminate: (stop: () => void) => void
}

/** Thirty minutes: longer than a coffee, shorter than a night. */
const IDLE_MS = 30 * 60_000
/** How often a lab that is used is saved: what a killed lab loses at most. */
const SAVE_EVERY_MS = 2_000

/** Serves a lab until it is told to stop or nobody needs it; its state is kept. False where another one serves it. */
export async function serveLab(options: ServeOptions): Promise<boolean> {
  const { scenario, directory, socketPath } = options
  await mkdir(directory.path, { recursive: true, mode: 0o700 })
  if ((await askLab(socketPath, { ask: 'ping' })) !== undefined) return false
  await rm(socketPath, { force: true })
  const stopped = Promise.withResolvers<void>()
  options.onTerminate(() => stopped.resolve())
  const activity = { lastMs: performance.now(), isUnsaved: true }
  const touch = (): void => {
    activity.lastMs = performance.now()
    activity.isUnsaved = true
  }
  const saved = await readSavedLab(directory)
  const lab = await startLab({ scenario, onContact: touch, ...(saved === undefined ? {} : { saved }) })
  await writeLabFiles(lab, directory, saved === undefined)
  await saveLab(lab, directory)
  const control = await listen(socketPath, (request) => {
    touch()
    return answer(lab, request, () => stopped.resolve())
  })
  await writeFile(directory.pid, `${process.pid}\n`, { mode: 0o600 })
  const timer = setInterval(() => {
    if (lab.openConnections() > 0) touch()
    if (performance.now() - activity.lastMs > (options.idleMs ?? IDLE_MS)) stopped.resolve()
    if (!activity.isUnsaved) return
    activity.isUnsaved = false
    // A lab whose directory was removed has nobody left that could find it.
    void saveLab(lab, directory).catch(() => stopped.resolve())
  }, SAVE_EVERY_MS)
  await stopped.promise
  clearInterval(timer)
  await saveLab(lab, directory).catch(() => undefined)
  control.close()
  await rm(socketPath, { force: true })
  await rm(directory.pid, { force: true })
  await lab.stop()
  return true
}

function answer(lab: Lab, request: LabRequest, stop: () => void): LabAnswer {
  switch (request.ask) {
    case 'ping':
      return { ok: true, pid: process.pid }
    case 'down':
      stop()
      return { ok: true, pid: process.pid }
    case 'goals':
      return { ok: true, pid: process.pid, goals: lab.checkGoals(), cluster: lab.cluster.describe() }
    case 'fault': {
      const fault = z.safeParse(faultSchema, request.fault)
      if (!fault.success) return { ok: false, reason: fault.error.issues[0]?.message ?? 'no fault' }
      lab.faults.add(fault.data as ScenarioFault)
      return { ok: true, pid: process.pid }
    }
  }
}

async function listen(path: string, respond: (request: LabRequest) => LabAnswer): Promise<Server> {
  const server = createServer((socket) => serveControl(socket, respond))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(path, () => resolve())
  await promise
  return server
}

/** One request a line, one answer a line. */
function serveControl(socket: Socket, respond: (request: LabRequest) => LabAnswer): void {
  socket.on('error', () => socket.destroy())
  createInterface({ input: socket }).on('line', (line) => {
    try {
      socket.end(`${JSON.stringify(respond(JSON.parse(line) as LabRequest))}\n`)
    } catch (error) {
      socket.end(`${JSON.stringify({ ok: false, reason: String(error) })}\n`)
    }
  })
}
