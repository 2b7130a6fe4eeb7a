import { userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createSecrets } from '../../adapters/secrets/create-secrets.ts'
import { createTransport } from '../../adapters/transport/create-transport.ts'
import { createMasker } from '../../core/base/masker.ts'
import { SecretRef } from '../../core/expr/value.ts'
import type { SecretSource } from '../../core/inventory/model.ts'
import type { Prompter } from '../../engine/ports/prompter.ts'
import type { Secrets } from '../../engine/ports/secrets.ts'
import type { Transport } from '../../engine/ports/transport.ts'
import type { CliContext } from '../cli-context.ts'
import { selectStateDirectory } from '../history/open-history.ts'
import type { PreparedPlan } from '../prepare/prepare-plan.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

/** What reaches hosts and knows secrets, for one plan. */
export type Surroundings = { readonly secrets: Secrets; readonly transport: Transport }

/** Opens secrets and transport; every value that becomes known is masked on all output from then on. */
export function openSurroundings(
  { world, output, ...context }: CliContext,
  prepared: Pick<PreparedPlan, 'inputs' | 'inventory' | 'params' | 'linked'>,
  {
    prompter,
    onUnmaskable,
  }: {
    readonly prompter: Prompter
    /** Told of a secret that is too short to be masked, before it is used. */
    readonly onUnmaskable: (text: string) => void
  },
): Surroundings {
  const { inventory } = prepared
  const told = new Set<string>()
  const secrets: Secrets = createSecrets({
    sources: collectSources(prepared),
    created: collectCreated(prepared),
    env: world.env,
    home: world.home,
    folder: dirname(resolve(prepared.inputs.cwd, inventory.path)),
    platform: process.platform,
    prompter,
    onKnown: () => {
      const { mask, refused } = createMasker(secrets.known())
      output.setMask(mask)
      for (const { name, reason } of refused) {
        if (told.has(name)) continue
        told.add(name)
        onUnmaskable(`the secret ${name} will be seen if a command prints it: ${reason}`)
      }
    },
  })
  const transport = createTransport({
    secrets,
    prompter,
    clock: SYSTEM_CLOCK,
    knownHostsFile: join(selectStateDirectory({ world, output, ...context }), 'known_hosts'),
    home: world.home,
    localUser: userInfo().username,
    env: world.env,
    hosts: inventory.hosts,
  })
  return { secrets, transport }
}

/** The inventory's secrets, and those parameters that a person is asked for. */
function collectSources({
  inventory,
  params,
  linked,
}: Pick<PreparedPlan, 'inventory' | 'params' | 'linked'>) {
  const sources = new Map<string, SecretSource>(inventory.secrets)
  for (const { name } of params.asked) {
    const help = linked.params.find((param) => param.name === name)?.help
    sources.set(name, { kind: 'prompt', prompt: help ?? name })
  }
  return sources
}

/** Secrets that are being created: `new: true` on the parameter that refers to them. */
function collectCreated({ params, linked }: Pick<PreparedPlan, 'params' | 'linked'>): ReadonlySet<string> {
  return new Set(
    linked.params.flatMap((param) => {
      const value = params.values[param.name]
      return param.new === true && value instanceof SecretRef ? [value.name] : []
    }),
  )
}
