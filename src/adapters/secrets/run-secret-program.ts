import { execa } from 'execa'
import type { SecretValue } from '../../engine/ports/secrets.ts'
import { acceptValue, MAX_SECRET_BYTES, refuseSecret } from './secret-result.ts'

/** How long a program may take: a password manager may have to ask for its own password first. */
const PROGRAM_TIMEOUT_MS = 60_000

/** A program that prints a secret on its standard output. */
export type SecretProgram = {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Names it to the person, e.g. "the keychain item db". */
  readonly source: string
  readonly hint: string
}

/** Runs it and keeps its standard output in memory only; what it says on standard error is not shown, it may quote the value. */
export async function runSecretProgram(program: SecretProgram): Promise<SecretValue> {
  const { file, args, env, source, hint } = program
  const result = await execa(file, [...args], {
    env: { ...env },
    extendEnv: false,
    stdin: 'ignore',
    stderr: 'ignore',
    timeout: PROGRAM_TIMEOUT_MS,
    maxBuffer: MAX_SECRET_BYTES,
    stripFinalNewline: false,
    reject: false,
  })
  if (result.timedOut) return refuseSecret(`${source} took longer than a minute`, hint)
  if (result.isMaxBuffer) return refuseSecret(`${source} printed too much for a secret`, hint)
  if (result.failed) {
    const how = result.exitCode === undefined ? 'could not be run' : `ended with exit code ${result.exitCode}`
    return refuseSecret(`${source} ${how}`, hint)
  }
  return acceptValue(result.stdout, source)
}
