import type { Program } from '../program.ts'

/** useradd and groupadd: the accounts of a practice host are fixed, so they only tell what is there already. */
export function addAccountProgram(kind: 'user' | 'group'): Program {
  return (context) => {
    const name = context.args.at(-1) ?? ''
    const users = context.host.users()
    const isThere = users.some((user) => (kind === 'user' ? user.name === name : user.groups.includes(name)))
    if (context.user.uid !== 0) {
      context.writeError(`${kind}add: Permission denied.\n`)
      return Promise.resolve(1)
    }
    const reason = isThere
      ? `${kind} '${name}' already exists`
      : `the accounts of a practice host are fixed; '${name}' is not among them`
    context.writeError(`${kind}add: ${reason}\n`)
    return Promise.resolve(isThere ? ALREADY_THERE : 1)
  }
}

/** Exit code of useradd and groupadd for a name that is taken. */
const ALREADY_THERE = 9
/** Exit code of getent for a key that is not found. */
const NOT_FOUND = 2

/** getent: `passwd`, `group` and `hosts`, with or without keys (`hosts` with). */
export function getentProgram(): Program {
  return (context) => {
    const [database = '', ...keys] = context.args
    const rows = new Map<string, string>()
    for (const user of context.host.users()) {
      if (database === 'passwd')
        rows.set(user.name, `${user.name}:x:${user.uid}:${user.gid}::${user.home}:/bin/sh`)
      if (database === 'group') rows.set(user.group, `${user.group}:x:${user.gid}:`)
    }
    for (const key of database === 'hosts' || database === 'ahosts' ? keys : []) {
      const found = context.host.network.find(key)
      if (found !== undefined)
        rows.set(
          key,
          `${(found.facts.addresses[0] ?? '').padEnd(15)} ${found.facts.fqdn} ${found.facts.hostname}`,
        )
    }
    const wanted = keys.length > 0 ? keys : [...rows.keys()]
    for (const key of wanted) if (rows.has(key)) context.write(`${rows.get(key) ?? ''}\n`)
    return Promise.resolve(wanted.every((key) => rows.has(key)) ? 0 : NOT_FOUND)
  }
}
