import type { LabUser, Program, ProgramContext } from '../../program.ts'
import { rootUser } from '../../fs/accounts.ts'

/** What an account may do by sudo; one that is not listed may do nothing. */
export type SudoRight = {
  /** What sudo asks for; absent: it does not ask (NOPASSWD). */
  readonly password?: string
  /** The users it may become; any unless told. */
  readonly asUsers?: readonly string[]
}

/** Builds the `sudo [-nSEHik] [-p PROMPT] [-u USER] [--] COMMAND…` of a host. */
export function buildSudo(rights: ReadonlyMap<string, SudoRight>): Program {
  return async (context) => {
    const call = parseCall(context.args)
    const target =
      context.host.users().find((user) => user.name === call.user) ??
      (call.user === 'root' ? rootUser : undefined)
    if (target === undefined) return refuse(context, `sudo: unknown user ${call.user}`)
    const right = rights.get(context.user.name)
    const isRoot = context.user.uid === 0
    if (!isRoot && right?.password !== undefined && !(await authenticate(context, call, right.password)))
      return 1
    if (!isRoot && right === undefined)
      return refuse(context, `${context.user.name} is not in the sudoers file.`)
    if (!isRoot && right?.asUsers?.includes(target.name) === false) {
      return refuse(
        context,
        `Sorry, user ${context.user.name} is not allowed to execute '${call.command.join(' ')}' as ${target.name} on ${context.host.facts.hostname}.`,
      )
    }
    if (call.command.length === 0)
      return call.validates ? 0 : refuse(context, 'usage: sudo [-u user] command')
    return context.run(call.command, {
      user: target,
      env: environmentFor(context, call, target),
      replaces: true,
    })
  }
}

type SudoCall = {
  readonly user: string
  readonly prompt: string
  readonly neverAsks: boolean
  readonly readsInput: boolean
  readonly keepsEnvironment: boolean
  readonly validates: boolean
  readonly assignments: readonly string[]
  readonly command: readonly string[]
}

function parseCall(args: readonly string[]): SudoCall {
  const pending = [...args]
  let user = 'root'
  let prompt = '[sudo] password for %p: '
  let letters = ''
  const assignments: string[] = []
  while (pending.length > 0) {
    const text = pending[0] ?? ''
    if (text === '--') {
      pending.shift()
      break
    }
    if (/^[A-Za-z_]\w*=/.test(text)) assignments.push(text)
    else if (!/^-./.test(text)) break
    pending.shift()
    if (text.startsWith('--user=')) user = text.slice('--user='.length)
    else if (text.startsWith('--prompt=')) prompt = text.slice('--prompt='.length)
    else if (/^-[A-Za-z]*u$/.test(text)) user = pending.shift() ?? 'root'
    else if (/^-[A-Za-z]*p$/.test(text)) prompt = pending.shift() ?? ''
    else if (text.startsWith('-u')) user = text.slice(2)
    if (/^-[A-Za-z]+$/.test(text)) letters += text.slice(1)
    if (text === '--non-interactive') letters += 'n'
  }
  if (/[is]/.test(letters) && pending.length === 0) pending.push('sh')
  return {
    user,
    prompt,
    neverAsks: letters.includes('n'),
    readsInput: letters.includes('S'),
    keepsEnvironment: letters.includes('E'),
    validates: /[vk]/.test(letters),
    assignments,
    command: pending,
  }
}

/** As sudo's own `passwd_tries`. */
const passwordTries = 3

async function authenticate(context: ProgramContext, call: SudoCall, password: string): Promise<boolean> {
  if (call.neverAsks) {
    context.writeError('sudo: a password is required\n')
    return false
  }
  if (!call.readsInput && !context.env.has('TERM')) {
    context.writeError(
      'sudo: a terminal is required to read the password; either use the -S option to read from standard input\nsudo: a password is required\n',
    )
    return false
  }
  const prompt = call.prompt.replaceAll('%p', context.user.name).replaceAll('%u', context.user.name)
  for (let tries = 1; tries <= passwordTries; tries += 1) {
    context.writeError(prompt)
    const line = await context.stdin.readLine()
    if (line === undefined) {
      context.writeError(`\nsudo: no password was provided\n`)
      return false
    }
    if (line.text === password) return true
    if (tries < passwordTries) context.writeError('Sorry, try again.\n')
  }
  context.writeError(`sudo: ${passwordTries} incorrect password attempts\n`)
  return false
}

function environmentFor(context: ProgramContext, call: SudoCall, target: LabUser): Map<string, string> {
  const environment = new Map(call.keepsEnvironment ? context.env : [])
  for (const name of ['TERM', 'LANG']) {
    const value = context.env.get(name)
    if (value !== undefined) environment.set(name, value)
  }
  environment.set('HOME', target.home)
  environment.set('USER', target.name)
  environment.set('LOGNAME', target.name)
  environment.set('SUDO_USER', context.user.name)
  environment.set('SUDO_UID', String(context.user.uid))
  environment.set('SHELL', '/bin/sh')
  environment.set('PATH', securePath)
  for (const text of call.assignments)
    environment.set(text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1))
  return environment
}

/** Debian's `secure_path`. */
const securePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function refuse(context: ProgramContext, message: string): number {
  context.writeError(`${message}\n`)
  return 1
}
