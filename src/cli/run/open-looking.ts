import { randomInt } from 'node:crypto'
import { hashText } from '../../adapters/journal/hash-text.ts'
import { brandAs } from '../../core/base/ids.ts'
import type { Digest } from '../../core/base/ids.ts'
import { createMasker } from '../../core/base/masker.ts'
import type { Inventory } from '../../core/inventory/model.ts'
import { formatRunId } from '../../core/journal/run-prefix.ts'
import type { Plan } from '../../core/plan/model.ts'
import { buildPlanOutline } from '../../core/run/build-plan-outline.ts'
import { reduceEvent } from '../../core/run/reduce.ts'
import { createRunState } from '../../core/run/state.ts'
import type { EnginePorts } from '../../engine/context.ts'
import type { RunStore } from '../../engine/ports/run-store.ts'
import type { CliContext } from '../cli-context.ts'
import { openKeyboard } from '../plain/keyboard.ts'
import { createTerminalPrompter, HEADLESS_PROMPTER } from '../prompter.ts'
import type { PreparedPlan } from '../prepare/prepare-plan.ts'
import { say } from '../output/say.ts'
import { FIXED_PORTS } from './fixed-ports.ts'
import { openSurroundings } from './open-surroundings.ts'
import { selectOperator } from './run-identity.ts'

/** Ports for reading hosts without a run: nothing is kept but in memory. */
export type Looking = {
  readonly ports: EnginePorts
  readonly signal: AbortSignal
  readonly close: () => Promise<void>
}

/** Opens hosts for looking only; Ctrl-C aborts `signal`. */
export function openLooking(
  context: CliContext,
  prepared: Pick<PreparedPlan, 'inputs' | 'plan' | 'inventory' | 'params' | 'linked'>,
): Looking {
  const { world, output } = context
  const stop = new AbortController()
  const interrupt = (): void => stop.abort()
  const isInteractive = world.stdin.isTTY === true && world.stderr.isTTY === true
  const prompter = isInteractive
    ? createTerminalPrompter(
        openKeyboard({ input: world.stdin, output: world.stderr, onInterrupt: interrupt }),
        output,
      )
    : HEADLESS_PROMPTER
  const { secrets, transport } = openSurroundings(context, prepared, {
    prompter,
    onUnmaskable: (text) => context.output.warn(say`${text}`, 'warning'),
  })
  const stopListening = world.onInterrupt(interrupt)
  const ports: EnginePorts = {
    run: formatRunId(randomInt),
    plan: prepared.plan,
    state: createLookingState(prepared.plan),
    store: createMemoryStore((text) => createMasker(secrets.known()).mask(text)),
    transport,
    secrets,
    ...FIXED_PORTS,
    operator: selectOperator(context),
    epoch: 1,
    observer: { onEvent: () => undefined, onOutput: () => undefined, onProgress: () => undefined },
  }
  return {
    ports,
    signal: stop.signal,
    async close() {
      stopListening()
      await transport.close()
    },
  }
}

/** A plan without steps, for commands that look at hosts and know no runbook. */
export function buildEmptyPlan(inventory: Inventory): Plan {
  const none = brandAs<Digest>('0'.repeat(64))
  const runbook = { path: '', sha256: none, title: '' }
  return { runbook, inventory, params: {}, steps: [], units: [], digest: none }
}

function createLookingState(plan: Plan) {
  const state = createRunState()
  const { inventory, runbook } = plan
  const { path, name, sha256, environment } = inventory
  reduceEvent(state, {
    type: 'run-created',
    runbook,
    inventory: { path, name, sha256, environment: environment.name, level: environment.level },
    outlineDigest: plan.digest,
    outline: buildPlanOutline(plan),
    params: {},
    operator: '',
    options: { onFailure: 'ask' },
    toolVersion: '',
    waivers: [],
  })
  return state
}

function createMemoryStore(mask: (text: string) => string): RunStore {
  const values = new Map<Digest, string>()
  return {
    append: (events) => Promise.resolve(events),
    putValue(text) {
      const digest = hashText(mask(text))
      values.set(digest, mask(text))
      return Promise.resolve(digest)
    },
    getValue: (digest) => Promise.resolve(values.get(digest)),
    openOutput() {
      let bytes = 0
      return Promise.resolve({
        offset: () => bytes,
        append: (chunk: Uint8Array) => {
          bytes += chunk.length
          return Promise.resolve()
        },
        flush: () => Promise.resolve(),
        close: () => Promise.resolve({ bytes, digest: hashText('') }),
      })
    },
  }
}
