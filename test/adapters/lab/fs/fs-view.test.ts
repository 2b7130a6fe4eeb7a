import { expect, it } from 'vitest'
import { buildAccounts, rootUser } from '../../../../src/adapters/lab/fs/accounts.ts'
import { buildDisk } from '../../../../src/adapters/lab/fs/disk.ts'
import type { Disk } from '../../../../src/adapters/lab/fs/disk.ts'
import { buildDiskSnapshot, restoreDisk } from '../../../../src/adapters/lab/fs/disk-snapshot.ts'
import { openFsView } from '../../../../src/adapters/lab/fs/fs-view.ts'
import type { LabFs, LabUser } from '../../../../src/adapters/lab/program.ts'

const ann: LabUser = {
  name: 'ann',
  uid: 1000,
  gid: 1000,
  group: 'ann',
  groups: ['ann', 'staff'],
  home: '/home/ann',
}
const bob: LabUser = {
  name: 'bob',
  uid: 1001,
  gid: 1001,
  group: 'bob',
  groups: ['bob', 'staff'],
  home: '/home/bob',
}
const accounts = buildAccounts([ann, bob])

function view(disk: Disk, user: LabUser = rootUser): LabFs {
  return openFsView({ disk, accounts, user, cwd: () => '/', umask: () => 0o022, nowMs: () => 1_000 })
}

/** `/shared` for all (sticky), `/ann` for ann alone, `/team` of the group staff. */
function buildSharedDisk(capacityBytes?: number): Disk {
  const disk = buildDisk(capacityBytes === undefined ? {} : { capacityBytes })
  const root = view(disk)
  root.mkdir('/shared')
  root.chmod('/shared', 0o1777)
  root.mkdir('/ann')
  root.chown('/ann', { owner: 'ann', group: 'ann' })
  root.chmod('/ann', 0o700)
  root.mkdir('/team')
  root.chown('/team', { group: 'staff' })
  root.chmod('/team', 0o2770)
  return disk
}

const fine = { ok: true }
const failed = (code: string) => ({ ok: false, code })

const rows: readonly (readonly [string, LabUser, (fs: LabFs) => unknown, object])[] = [
  [
    'reads what it wrote',
    ann,
    (fs) => [fs.writeFile('/ann/f', 'text'), fs.readFile('/ann/f')][1],
    { ok: true, value: 'text' },
  ],
  ['does not read in another one’s closed directory', bob, (fs) => fs.readFile('/ann/f'), failed('EACCES')],
  ['does not write where it may not', bob, (fs) => fs.writeFile('/new', ''), failed('EACCES')],
  ['root passes all checks', rootUser, (fs) => fs.writeFile('/ann/f', ''), fine],
  ['may use a directory of its group', bob, (fs) => fs.writeFile('/team/f', ''), fine],
  [
    'gets the group of a setgid directory',
    bob,
    (fs) => [fs.writeFile('/team/f', ''), fs.stat('/team/f')][1],
    { value: { group: 'staff', owner: 'bob', mode: 0o644 } },
  ],
  [
    'does not give files away',
    ann,
    (fs) => [fs.writeFile('/ann/f', ''), fs.chown('/ann/f', { owner: 'bob' })][1],
    failed('EPERM'),
  ],
  [
    'may give a file to a group it is in',
    ann,
    (fs) => [fs.writeFile('/ann/f', ''), fs.chown('/ann/f', { group: 'staff' })][1],
    fine,
  ],
  [
    'does not know a strange owner',
    rootUser,
    (fs) => fs.chown('/ann', { owner: 'nobody' }),
    failed('EINVAL'),
  ],
  ['does not make a directory twice', rootUser, (fs) => fs.mkdir('/ann'), failed('EEXIST')],
  [
    'makes parents when told',
    ann,
    (fs) => [fs.mkdir('/ann/a/b/c', { parents: true }), fs.list('/ann/a/b')][1],
    { ok: true, value: ['c'] },
  ],
  ['needs parents otherwise', ann, (fs) => fs.mkdir('/ann/x/y'), failed('ENOENT')],
  [
    'does not take a file for a directory',
    ann,
    (fs) => [fs.writeFile('/ann/f', ''), fs.writeFile('/ann/f/g', '')][1],
    failed('ENOTDIR'),
  ],
  [
    'does not remove a full directory without recursion',
    rootUser,
    (fs) => fs.remove('/', { directory: true }),
    failed('EINVAL'),
  ],
  [
    'follows links, and tells a loop',
    ann,
    (fs) => [fs.symlink('b', '/ann/a'), fs.symlink('a', '/ann/b'), fs.readFile('/ann/a')][2],
    failed('ELOOP'),
  ],
  [
    'writes through a dangling link',
    ann,
    (fs) => [fs.symlink('real', '/ann/l'), fs.writeFile('/ann/l', 'x'), fs.readFile('/ann/real')][2],
    { ok: true, value: 'x' },
  ],
  [
    'does not move a directory into itself',
    ann,
    (fs) => [fs.mkdir('/ann/d'), fs.rename('/ann/d', '/ann/d/e')][1],
    failed('EINVAL'),
  ],
  [
    'replaces a file by a move',
    ann,
    (fs) =>
      [
        fs.writeFile('/ann/a', '1'),
        fs.writeFile('/ann/b', '2'),
        fs.rename('/ann/a', '/ann/b'),
        fs.readFile('/ann/b'),
      ][3],
    { value: '1' },
  ],
  [
    'does not move a directory onto a full one',
    ann,
    (fs) => [fs.mkdir('/ann/a'), fs.mkdir('/ann/b/c', { parents: true }), fs.rename('/ann/a', '/ann/b')][2],
    failed('ENOTEMPTY'),
  ],
  [
    'shares a text between hard links',
    ann,
    (fs) =>
      [
        fs.writeFile('/ann/a', '1'),
        fs.link('/ann/a', '/ann/b'),
        fs.writeFile('/ann/a', '2'),
        fs.readFile('/ann/b'),
      ][3],
    { value: '2' },
  ],
]

it.each(rows)('a user %s', (_name, user, act, expected) => {
  expect(act(view(buildSharedDisk(), user))).toMatchObject(expected)
})

it('lets only its owner remove a file from a sticky directory', () => {
  const disk = buildSharedDisk()
  view(disk, ann).writeFile('/shared/f', '')
  expect(view(disk, bob).remove('/shared/f')).toEqual(failed('EPERM'))
  expect(view(disk, ann).remove('/shared/f')).toMatchObject(fine)
})

it('counts bytes, refuses what does not fit, and has room again after a removal', () => {
  const fs = view(buildSharedDisk(10))
  expect(fs.writeFile('/a', '€€')).toMatchObject(fine)
  expect(fs.usage()).toEqual({ capacityBytes: 10, usedBytes: 6 })
  expect(fs.writeFile('/b', '12345')).toEqual(failed('ENOSPC'))
  expect(fs.readFile('/b')).toEqual({ ok: true, value: '' })
  expect(fs.writeFile('/a', '!', { append: true })).toMatchObject(fine)
  fs.remove('/a')
  expect(fs.writeFile('/b', '1234567890')).toMatchObject(fine)
})

it('frees a linked text only with its last name', () => {
  const fs = view(buildSharedDisk(10))
  fs.writeFile('/a', '12345')
  fs.link('/a', '/b')
  fs.remove('/a')
  expect(fs.usage().usedBytes).toBe(5)
  fs.remove('/b')
  expect(fs.usage().usedBytes).toBe(0)
})

it('changes nothing on a read-only disk', () => {
  const disk = buildSharedDisk()
  view(disk).writeFile('/f', 'x')
  disk.readOnly = true
  const fs = view(disk)
  const outcomes = [
    fs.writeFile('/f', 'y'),
    fs.mkdir('/d'),
    fs.remove('/f'),
    fs.chmod('/f', 0o600),
    fs.rename('/f', '/g'),
  ]
  expect(outcomes).toEqual(outcomes.map(() => failed('EROFS')))
  expect(fs.readFile('/f')).toEqual({ ok: true, value: 'x' })
})

it('comes back from a snapshot that went through JSON, links, owners and sizes included', () => {
  const disk = buildSharedDisk(1_000)
  const fs = view(disk)
  fs.writeFile('/ann/f', 'te\udc80xt')
  fs.link('/ann/f', '/team/same')
  fs.symlink('/ann/f', '/shared/l')
  fs.chown('/ann/f', { owner: 'bob' })
  fs.writeProgram('/shared/tool', 'tool')
  const saved = buildDiskSnapshot(disk)
  const restored = restoreDisk(JSON.parse(JSON.stringify(saved)) as typeof saved)
  expect(buildDiskSnapshot(restored)).toEqual(saved)
  expect(restored.usedBytes).toBe(disk.usedBytes)
  const again = view(restored)
  again.writeFile('/shared/l', 'changed')
  expect(again.readFile('/team/same')).toEqual({ ok: true, value: 'changed' })
})
