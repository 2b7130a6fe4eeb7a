import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { execa } from 'execa'

export type SudoRule = 'none' | 'nopasswd' | 'password'

/** A user made for one test file: it has a home, `/bin/sh`, a password, and perhaps sudo to anyone. */
export type ThrowawayUser = {
  readonly name: string
  readonly password: string
  /** Removes the user, its home and its sudo rule. Idempotent. */ readonly remove: () => Promise<void>
}

/** Says why users cannot be made here, or `undefined` when they can; tests print it and skip. */
export function usersMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root: cannot create a throwaway user'
  if (!existsSync('/usr/sbin/useradd')) return 'no useradd'
  if (!existsSync('/usr/sbin/chpasswd')) return 'no chpasswd'
  return undefined
}

/** Makes a user `hrt…` with a random name and password; the caller must call `remove` in the end. */
export async function createThrowawayUser(sudo: SudoRule = 'none'): Promise<ThrowawayUser> {
  const name = `hrt${randomBytes(4).toString('hex')}`
  const password = `pw-${randomBytes(8).toString('hex')} "x'y$z`
  const sudoers = join('/etc/sudoers.d', name)
  await execa('useradd', ['--create-home', '--shell', '/bin/sh', name])
  const remove = async () => {
    rmSync(sudoers, { force: true })
    await execa('userdel', ['--remove', '--force', name], { reject: false })
  }
  try {
    await execa('chpasswd', { input: `${name}:${password}\n` })
    if (sudo !== 'none')
      writeFileSync(sudoers, `${name} ALL=(ALL) ${sudo === 'nopasswd' ? 'NOPASSWD: ' : ''}ALL\n`, {
        mode: 0o440,
      })
  } catch (error) {
    await remove()
    throw error
  }
  return { name, password, remove }
}
