import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openStateDirectory } from '../../adapters/journal/state-directory.ts'
import { EnvironmentError, UsageError } from '../../core/base/errors.ts'
import { brandAs, type HostName, type RunId } from '../../core/base/ids.ts'
import { buildContext, type EngineContext } from '../../engine/context.ts'
import { createNonce, exchangeSafely, type Exchanged } from '../../engine/job/exchange.ts'
import { buildExchangeFailure } from '../../engine/job/prepare-base.ts'
import { formatFailure } from '../../core/run/failure-words.ts'
import { parseHostFacts, parseHostLock } from '../../engine/remote-job/host-facts.ts'
import type { HostLock, Place } from '../../engine/remote-job/job-request.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { requireArgument } from '../command-input.ts'
import { openInventoryHosts } from '../doctor/open-inventory-hosts.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import { say } from '../output/say.ts'
import { selectOperator } from '../run/run-identity.ts'

/** `handrail unlock HOST -i INV --reason WHY`: takes a stale advisory lock from a host, and keeps a note of it. */
export async function runUnlock(context: CliContext): Promise<CommandEnd> {
  const { input, output, json } = context
  const reason = input.text('reason')?.trim() ?? ''
  if (reason === '') throw new UsageError('taking a lock away needs a reason', ['--reason WHY'])
  const { looking, hosts } = await openInventoryHosts(context, [requireArgument(input, 0, 'the host')])
  const [host] = hosts
  if (host === undefined) throw new UsageError('the host is missing', ['handrail unlock --help'])
  try {
    const engine = buildContext(looking.ports, looking.signal)
    const place = await findPlace(engine, host)
    const lock = await askLock(engine, { host, place, run: engine.run, verb: 'lock-show' })
    if (json) output.json({ host, lock: lock ?? null })
    if (lock === undefined) {
      output.tell(say`${host} is not locked.`)
      return DONE
    }
    const note = { at: context.world.now().toISOString(), by: selectOperator(context), host, reason, lock }
    const log = join(await openStateDirectory(selectStateDirectory(context)), 'unlocks.jsonl')
    // First the note, then the deed.
    await appendFile(log, `${JSON.stringify(note)}\n`, { mode: 0o600, flush: true })
    await askLock(engine, { host, place, run: brandAs<RunId>(lock.run), verb: 'unlock' })
    output.tell(
      say`${host}: the lock of run ${lock.run} (${lock.holder}, since ${formatSince(lock.since)}) is gone.`,
      'good',
    )
    return DONE
  } finally {
    await looking.close()
  }
}

/** Hosts keep the time in seconds since 1970. */
function formatSince(since: string): string {
  const seconds = Number(since)
  return Number.isSafeInteger(seconds) ? new Date(seconds * 1000).toISOString() : since
}

async function findPlace(engine: EngineContext, host: HostName): Promise<Place> {
  const nonce = createNonce(engine)
  const configured = engine.plan.inventory.hosts.find(({ name }) => name === host)?.ssh.base
  const base = configured === undefined ? {} : { configured }
  const target = { host, as: undefined, reconnectMs: 0 }
  const reply = complete(await exchangeSafely(engine, target, { verb: 'base', nonce, host, ...base }), host)
  const facts = parseHostFacts(reply.events)
  if (facts === undefined) throw unreachable(host, 'it has no directory of ours')
  return { base: facts.base, marker: facts.marker, host }
}

async function askLock(
  engine: EngineContext,
  ask: {
    readonly host: HostName
    readonly place: Place
    readonly run: RunId
    readonly verb: 'lock-show' | 'unlock'
  },
): Promise<HostLock | undefined> {
  const { host, place, run, verb } = ask
  const target = { host, as: undefined, reconnectMs: 0 }
  const request = { verb, nonce: createNonce(engine), place, run }
  return parseHostLock(complete(await exchangeSafely(engine, target, request), host).trailer)
}

function complete(reply: Exchanged, host: HostName): Extract<Exchanged, { readonly kind: 'complete' }> {
  if (reply.kind === 'complete') return reply
  throw unreachable(host, formatFailure(buildExchangeFailure(reply)))
}

function unreachable(host: HostName, why: string): EnvironmentError {
  return new EnvironmentError(`${host}: ${why}`, [`handrail doctor ${host} -i INVENTORY`], 5)
}
