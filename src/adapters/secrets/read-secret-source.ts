import { assertNever } from '../../core/base/errors.ts'
import type { SecretSource } from '../../core/inventory/model.ts'
import type { Prompter } from '../../engine/ports/prompter.ts'
import type { SecretValue } from '../../engine/ports/secrets.ts'
import { generateSecretFile, readSecretFile } from './read-secret-file.ts'
import { runSecretProgram } from './run-secret-program.ts'
import { acceptValue, refuseSecret } from './secret-result.ts'

/** What the sources of secrets are read with. */
export type SecretSurroundings = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** The inventory's folder. */
  readonly folder: string
  readonly platform: string
  readonly prompter: Prompter
}

/** One reading of one source. */
export type SecretReading = {
  readonly name: string
  readonly source: SecretSource
  /** An earlier value was refused. */
  readonly rejected: boolean
  /** It is being created: asked twice, or generated into its file. */
  readonly isNew: boolean
}

/** Reads a secret from where the inventory says; never throws, never prints. */
export function readSecretSource(
  { name, source, rejected, isNew }: SecretReading,
  { env, home, folder, platform, prompter }: SecretSurroundings,
): Promise<SecretValue> {
  switch (source.kind) {
    case 'env':
      return Promise.resolve(readVariable(source.variable, env))
    case 'file': {
      const place = { path: source.path, home, folder }
      return isNew ? generateSecretFile(place) : readSecretFile(place)
    }
    case 'command':
      return runSecretProgram({
        file: '/bin/sh',
        args: ['-c', source.command],
        env,
        source: `the command of the secret ${name}`,
        hint: 'Run it yourself: it must print the value and nothing else.',
      })
    case 'keychain':
      return runSecretProgram({ ...selectKeychain(platform, source.item), env })
    case 'prompt':
      return askPerson({ name, prompt: source.prompt, rejected, isNew }, prompter)
    default:
      return assertNever(source)
  }
}

function readVariable(variable: string, env: SecretSurroundings['env']): SecretValue {
  const value = env[variable]
  if (value === undefined)
    return refuseSecret(`the environment has no ${variable}`, `Set ${variable} before you start handrail.`)
  return acceptValue(value, variable)
}

function selectKeychain(platform: string, item: string) {
  const source = `the keychain item ${item}`
  if (platform === 'darwin') {
    const args = ['find-generic-password', '-s', item, '-w']
    return { file: 'security', args, source, hint: `security add-generic-password -s ${item} -a "$USER" -w` }
  }
  const hint = `secret-tool store --label=${item} service ${item} (package libsecret-tools)`
  return { file: 'secret-tool', args: ['lookup', 'service', item], source, hint }
}

async function askPerson(
  question: Parameters<Prompter['askSecret']>[0],
  prompter: Prompter,
): Promise<SecretValue> {
  const value = await prompter.askSecret(question)
  if (value !== undefined) return acceptValue(value, 'the answer')
  const hint = `Run on a terminal, or give ${question.name} from env, file, keychain or command in the inventory.`
  return refuseSecret('nobody was there to ask for it', hint)
}
