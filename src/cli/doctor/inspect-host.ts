import { describeConnection } from '../../adapters/transport/build-session.ts'
import type { HostName } from '../../core/base/ids.ts'
import { buildContext, type EngineContext } from '../../engine/context.ts'
import { createNonce, exchangeSafely } from '../../engine/job/exchange.ts'
import { buildExchangeFailure } from '../../engine/job/prepare-base.ts'
import { selectLink } from '../../engine/link/host-link.ts'
import type { ConnectFailure, Session } from '../../engine/ports/transport.ts'
import { type HostFacts, parseHostFacts } from '../../engine/remote-job/host-facts.ts'
import { describePassedBase } from '../../engine/remote-job/passed-base.ts'
import { formatFailure } from '../../core/run/failure-words.ts'
import type { Looking } from '../run/open-looking.ts'

/** What doctor finds out about one host. */
export type HostInspection = {
  readonly host: HostName
  readonly connection: ReturnType<typeof describeConnection>
  readonly failure: ConnectFailure | undefined
  /** Absent where there is no connection, or no safe directory. `baseProblem` says what is wrong with that. */
  readonly facts: HostFacts | undefined
  readonly baseProblem: string | undefined
  /** Host's clock minus this machine's, in whole seconds. */
  readonly clockSkewSeconds: number | undefined
  readonly sudo: 'free' | 'asks' | 'none' | undefined
  readonly shell: string | undefined
}

/** Beyond this the host's times cannot be compared with ours: certificates, leases and logs go by them. */
export const MAX_SKEW_SECONDS = 30

// One line each; `sudo -n` never asks, and never counts as a failed attempt with a wrong password.
const QUESTIONS = `date +%s
echo "$SHELL"
if ! command -v sudo >/dev/null 2>&1; then echo none
elif sudo -n true >/dev/null 2>&1; then echo free
else echo asks
fi
`

/** Connects to a host and looks: nothing on it is changed but the marker of the base directory. */
export async function inspectHost({ ports, signal }: Looking, host: HostName): Promise<HostInspection> {
  const context = buildContext(ports, signal)
  const opened = await selectLink(context, host).open(0)
  const none = { baseProblem: undefined, clockSkewSeconds: undefined, sudo: undefined, shell: undefined }
  if (!opened.ok) return { host, connection: undefined, failure: opened.failure, facts: undefined, ...none }
  const { session } = opened
  const base = await askBase(context, host)
  return {
    host,
    connection: describeConnection(session),
    failure: undefined,
    ...base,
    ...(await askQuestions(context, session)),
  }
}

async function askBase(context: EngineContext, host: HostName) {
  const configured = context.plan.inventory.hosts.find(({ name }) => name === host)?.ssh.base
  const target = { host, as: undefined, reconnectMs: 0 }
  const reply = await exchangeSafely(context, target, {
    verb: 'base',
    nonce: createNonce(context),
    host,
    ...(configured === undefined ? {} : { configured }),
  })
  if (reply.kind !== 'complete')
    return { facts: undefined, baseProblem: formatFailure(buildExchangeFailure(reply)) }
  const facts = parseHostFacts(reply.events)
  const passed = describePassedBase(configured, reply.events)
  const baseProblem = facts === undefined ? 'no directory of ours is safe and writable there' : passed
  return { facts, baseProblem }
}

async function askQuestions(context: EngineContext, session: Session) {
  const chunks: Uint8Array[] = []
  const began = context.clock.wallMs()
  await session.exec({ input: QUESTIONS, onStdout: (chunk) => void chunks.push(chunk.slice()) }).outcome
  // The host's answer was made somewhere between the two.
  const middle = (began + context.clock.wallMs()) / 2
  const [seconds = '', shell, sudo] = Buffer.concat(chunks).toString('utf8').split('\n')
  return {
    clockSkewSeconds: /^\d+$/.test(seconds) ? Math.round(Number(seconds) - middle / 1000) : undefined,
    shell: shell === '' ? undefined : shell,
    sudo: (['free', 'asks', 'none'] as const).find((each) => each === sudo),
  }
}
