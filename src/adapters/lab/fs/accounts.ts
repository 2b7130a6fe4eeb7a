import type { LabUser } from '../program.ts'
import type { Identity } from './walk.ts'

/** The users and groups of one host. */
export type Accounts = {
  readonly users: readonly LabUser[]
  readonly groups: ReadonlyMap<string, number>
}

/** The superuser, which every host has. */
export const rootUser: LabUser = {
  name: 'root',
  uid: 0,
  gid: 0,
  group: 'root',
  groups: ['root'],
  home: '/root',
}

/** Collects the accounts of a host; root is added if it is not among them. */
export function buildAccounts(
  users: readonly LabUser[],
  extraGroups: ReadonlyMap<string, number> = new Map(),
): Accounts {
  const all = users.some((user) => user.uid === 0) ? users : [rootUser, ...users]
  const groups = new Map(extraGroups)
  for (const user of all) groups.set(user.group, user.gid)
  let nextGid = firstFreeGid
  for (const name of all.flatMap((user) => user.groups)) {
    if (groups.has(name)) continue
    const taken = new Set(groups.values())
    while (taken.has(nextGid)) nextGid += 1
    groups.set(name, nextGid)
  }
  return { users: all, groups }
}

/** The numbers by which a user's rights are decided. */
export function identityOf(accounts: Accounts, user: LabUser): Identity {
  const gids = new Set([user.gid])
  for (const name of user.groups) {
    const gid = accounts.groups.get(name)
    if (gid !== undefined) gids.add(gid)
  }
  return { uid: user.uid, gids }
}

/** The first number for a group that only a user's list names; above Debian's system range. */
const firstFreeGid = 900
