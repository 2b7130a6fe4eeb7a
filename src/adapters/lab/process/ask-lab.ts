import { connect } from 'node:net'
import type { ClusterDescription } from '../cluster/describe-cluster.ts'
import type { GoalResult } from '../scenario/goals.ts'

/** What the process of a lab can be asked. */
export type LabRequest =
  | { readonly ask: 'ping' | 'down' | 'goals' }
  | { readonly ask: 'fault'; readonly fault: unknown }

export type LabAnswer =
  | {
      readonly ok: true
      readonly pid: number
      readonly goals?: readonly GoalResult[]
      readonly cluster?: ClusterDescription
    }
  | { readonly ok: false; readonly reason: string }

/** A lab that does not answer within this time is taken for gone: it has nothing else to do. */
const ANSWER_MS = 5_000

/** Asks the process of a lab; undefined where none answers. */
export async function askLab(socketPath: string, request: LabRequest): Promise<LabAnswer | undefined> {
  const { promise, resolve } = Promise.withResolvers<LabAnswer | undefined>()
  let text = ''
  const socket = connect(socketPath)
  socket.setTimeout(ANSWER_MS, () => socket.destroy())
  socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`))
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => resolve(parseAnswer(text)))
  return promise
}

function parseAnswer(text: string): LabAnswer | undefined {
  try {
    return JSON.parse(text) as LabAnswer
  } catch {
    return undefined
  }
}
