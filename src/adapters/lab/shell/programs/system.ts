import { identityOf } from '../../fs/accounts.ts'
import type { LabUser, Program, ProgramContext } from '../../program.ts'
import { formatHuman } from './list.ts'
import { parseOptions, refuseOption } from './options.ts'

/** `whoami`. */
export const whoami: Program = async ({ user, write }) => print(write, user.name)

/** `id [-u|-g|-G|-n] [USER]`. */
export const id: Program = async (context) => {
  const options = parseOptions(context.args, { flags: ['u', 'g', 'G', 'n', 'r'] })
  const name = options.rest[0]
  const user = name === undefined ? context.user : context.host.users().find((known) => known.name === name)
  if (user === undefined) {
    context.writeError(`id: '${name}': no such user\n`)
    return 1
  }
  const { flags } = options
  const groups = groupsOf(context, user)
  if (flags.has('u')) return print(context.write, flags.has('n') ? user.name : String(user.uid))
  if (flags.has('g')) return print(context.write, flags.has('n') ? user.group : String(user.gid))
  if (flags.has('G'))
    return print(context.write, groups.map(([group, gid]) => (flags.has('n') ? group : gid)).join(' '))
  const list = groups.map(([group, gid]) => `${gid}(${group})`).join(',')
  return print(context.write, `uid=${user.uid}(${user.name}) gid=${user.gid}(${user.group}) groups=${list}`)
}

/** `groups`. */
export const groups: Program = async ({ user, write }) => print(write, user.groups.join(' '))

/** `hostname [-f|-s|-I|-i]`. */
export const hostname: Program = async ({ host, args, write }) => {
  if (args[0] === '-I') return print(write, `${host.facts.addresses.join(' ')} `)
  if (args[0] === '-i') return print(write, host.facts.addresses[0] ?? '127.0.0.1')
  return print(write, args[0] === '-f' || args[0] === '--fqdn' ? host.facts.fqdn : host.facts.hostname)
}

/** `uname [-asnrvmo]`. */
export const uname: Program = async ({ host, args, write }) => {
  const parts: Readonly<Record<string, string>> = {
    s: 'Linux',
    n: host.facts.hostname,
    r: host.facts.kernel,
    v: '#1 SMP PREEMPT_DYNAMIC',
    m: 'x86_64',
    o: 'GNU/Linux',
  }
  const letters = args.join('').replaceAll('-', '')
  const wanted = letters === '' ? 's' : letters.includes('a') ? 'snrvmo' : letters
  return print(
    write,
    [...'snrvmo']
      .filter((letter) => wanted.includes(letter))
      .map((letter) => parts[letter])
      .join(' '),
  )
}

/** `df [-hkPTi] [PATH…]`: the host has one disk. */
export const df: Program = async (context) => {
  const options = parseOptions(context.args, {
    flags: ['h', 'k', 'P', 'T', 'm', 'B'],
    values: ['output', 'B'],
  })
  if (options.unknown !== undefined) return refuseOption(context, options.unknown)
  for (const path of options.rest) {
    if (context.fs.exists(path)) continue
    context.writeError(`df: ${path}: No such file or directory\n`)
    return 1
  }
  const { capacityBytes, usedBytes } = context.fs.usage()
  const freeBytes = Math.max(0, capacityBytes - usedBytes)
  const percent = `${capacityBytes === 0 ? 100 : Math.ceil((usedBytes / capacityBytes) * 100)}%`
  const isHuman = options.flags.has('h')
  const show = (bytes: number): string => (isHuman ? formatHuman(bytes) : String(Math.ceil(bytes / 1024)))
  const output = options.values.get('output')
  if (output !== undefined) {
    const columns: Readonly<Record<string, readonly [string, string]>> = {
      pcent: ['Use%', percent],
      avail: ['Avail', show(freeBytes)],
      used: ['Used', show(usedBytes)],
      size: ['Size', show(capacityBytes)],
      target: ['Mounted on', '/'],
      source: ['Filesystem', '/dev/vda1'],
    }
    const chosen = output.split(',').map((name) => columns[name] ?? [name, '-'])
    context.write(
      `${chosen.map(([head]) => head).join(' ')}\n${chosen.map(([, value]) => value).join(' ')}\n`,
    )
    return 0
  }
  const heads = [
    'Filesystem',
    isHuman ? 'Size' : options.flags.has('P') ? '1024-blocks' : '1K-blocks',
    'Used',
    isHuman ? 'Avail' : 'Available',
    options.flags.has('P') ? 'Capacity' : 'Use%',
  ]
  const row = ['/dev/vda1', show(capacityBytes), show(usedBytes), show(freeBytes), percent]
  const widths = heads.map((head, index) => Math.max(head.length, row[index]?.length ?? 0))
  const line = (cells: readonly string[], last: string): string =>
    `${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join(' ')} ${last}\n`
  context.write(line(heads, 'Mounted on') + line(row, '/'))
  return 0
}

/** `free [-hmgkb]`. */
export const free: Program = async ({ host, args, write }) => {
  const divisor = { m: 1024 ** 2, g: 1024 ** 3, b: 1, h: 0 }[args[0]?.slice(1) ?? ''] ?? 1024
  const total = host.facts.memoryBytes
  const show = (bytes: number): string =>
    (divisor === 0 ? `${formatHuman(bytes)}i` : String(Math.floor(bytes / divisor))).padStart(12)
  const used = total * usedMemoryShare
  write(`               total        used        free      shared  buff/cache   available\n`)
  write(`Mem:    ${[total, used, total * 0.3, 0, total * 0.25, total - used].map(show).join('')}\n`)
  write(`Swap:   ${[0, 0, 0].map(show).join('')}\n`)
  return 0
}

/** `nproc`. */
export const nproc: Program = async ({ host, write }) => print(write, String(host.facts.cpus))

/** `uptime [-s|-p]`. */
export const uptime: Program = async ({ host, clock, args, write }) => {
  const minutes = Math.floor((clock.nowMs() - host.bootedAtMs()) / 60_000)
  const booted = new Date(host.bootedAtMs()).toISOString()
  if (args[0] === '-s') return print(write, `${booted.slice(0, 10)} ${booted.slice(11, 19)}`)
  const since = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
  if (args[0] === '-p') return print(write, `up ${Math.floor(minutes / 60)} hours, ${minutes % 60} minutes`)
  return print(
    write,
    ` ${new Date(clock.nowMs()).toISOString().slice(11, 19)} up ${since},  1 user,  load average: 0.08, 0.05, 0.01`,
  )
}

/** `getent passwd|group|hosts [NAME]`. */
export const getent: Program = async ({ host, args, write, writeError, fs }) => {
  const [database = '', key] = args
  if (database === 'hosts' || database === 'ahosts') {
    const found = key === undefined ? undefined : host.network.find(key)
    if (found === undefined) return 2
    write(`${(found.facts.addresses[0] ?? '').padEnd(15)} ${found.facts.fqdn} ${found.facts.hostname}\n`)
    return 0
  }
  if (database !== 'passwd' && database !== 'group') {
    writeError(`Unknown database: ${database}\n`)
    return 1
  }
  const text = fs.readFile(`/etc/${database}`)
  const lines = text.ok ? text.value.split('\n').filter((line) => line !== '') : []
  const found =
    key === undefined
      ? lines
      : lines.filter((line) => line.split(':')[0] === key || line.split(':')[2] === key)
  for (const line of found) write(`${line}\n`)
  return found.length > 0 ? 0 : 2
}

/** The share of memory that a working server has in use. */
const usedMemoryShare = 0.45

function groupsOf({ host }: ProgramContext, user: LabUser): (readonly [string, number])[] {
  const known = new Map(host.users().map((each) => [each.group, each.gid]))
  const numbers = [...identityOf({ users: host.users(), groups: known }, user).gids]
  const named = user.groups.map((group) => [group, known.get(group)] as const)
  return named
    .flatMap(([group, gid]) => (gid === undefined ? [] : [[group, gid] as const]))
    .filter(([, gid]) => numbers.includes(gid))
}

function print(write: (text: string) => void, text: string): number {
  write(`${text}\n`)
  return 0
}
