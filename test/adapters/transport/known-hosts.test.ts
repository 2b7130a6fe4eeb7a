import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { appendKnownHost } from '../../../src/adapters/transport/known-hosts-files.ts'
import {
  checkHostKey,
  isCertificateOnly,
  orderHostKeyAlgorithms,
  readKnownHosts,
} from '../../../src/adapters/transport/known-hosts.ts'

function buildBlob(seed: number): Buffer {
  const type = Buffer.from('ssh-ed25519')
  return Buffer.concat([
    Buffer.from([0, 0, 0, type.length]),
    type,
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, seed),
  ])
}
const line = (names: string, seed: number) => `${names} ssh-ed25519 ${buildBlob(seed).toString('base64')}\n`
const key = (seed: number) => ({ type: 'ssh-ed25519', blob: buildBlob(seed) })
const name = { host: 'Db1.Example.org', port: 22 }

describe('a host key', () => {
  test('that changed names the file and line of the key that was expected', () => {
    const entries = readKnownHosts(`# comment\n\n${line('db1.example.org', 1)}`, 'file')
    expect(checkHostKey(entries, name, key(2))).toMatchObject({
      kind: 'changed',
      entry: { file: 'file', line: 3 },
    })
  })

  test('that is new comes with the other names that have it', () => {
    const entries = readKnownHosts(line('db2.example.org,10.0.0.2', 1), 'file')
    expect(checkHostKey(entries, name, key(1))).toEqual({
      kind: 'new',
      sameKeyAs: ['db2.example.org,10.0.0.2'],
    })
  })

  test('is looked up under its alias alone', () => {
    const entries = readKnownHosts(line('cluster', 1) + line('db1.example.org', 2), 'file')
    expect(checkHostKey(entries, { ...name, alias: 'cluster' }, key(1)).kind).toBe('known')
    expect(checkHostKey(entries, { ...name, alias: 'cluster' }, key(2)).kind).toBe('changed')
  })
})

test('algorithms of known types come first, unless the preferred one is known', () => {
  const rsa = Buffer.concat(
    ['ssh-rsa', 'e', 'n'].flatMap((text) => [Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]),
  )
  const onlyRsa = readKnownHosts(`db1.example.org ssh-rsa ${rsa.toString('base64')}\n`, 'file')
  const all = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256']
  expect(orderHostKeyAlgorithms(onlyRsa, name, all)).toEqual([
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
  ])
  expect(
    orderHostKeyAlgorithms([...onlyRsa, ...readKnownHosts(line('db1.example.org', 1), 'f')], name, all),
  ).toEqual(all)
})

test('a name that only an authority covers is told apart from one with a plain key', () => {
  const authority = readKnownHosts(
    `@cert-authority *.example.org ssh-ed25519 ${buildBlob(9).toString('base64')}\n`,
    'f',
  )
  expect(isCertificateOnly(authority, name)).toBe(true)
  expect(isCertificateOnly([...authority, ...readKnownHosts(line('db1.example.org', 1), 'f')], name)).toBe(
    false,
  )
})

test('no file makes the reader throw, and no pattern makes it slow', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, host) => {
      const entries = readKnownHosts(`${text}\n${line(text.replace(/\s/g, ''), 1)}`, 'file')
      checkHostKey(entries, { host, port: 2222 }, key(1))
    }),
  )
  const began = performance.now()
  const entries = readKnownHosts(line(`${'*a'.repeat(400)}b`, 1), 'file')
  expect(checkHostKey(entries, { host: 'a'.repeat(250), port: 22 }, key(1)).kind).toBe('new')
  expect(performance.now() - began).toBeLessThan(500)
})

describe('writing a trusted key', () => {
  const dirs: string[] = []
  afterEach(() => dirs.splice(0).forEach((dir) => rmSync(dir, { recursive: true })))
  const fileIn = () => {
    dirs.push(mkdtempSync(join(tmpdir(), 'hr-known-')))
    return join(dirs[0], 'deep', 'known_hosts')
  }

  test('makes a private file, completes a cut line, and never writes a line twice', async () => {
    const file = fileIn()
    const entry = { name: '[h]:1', ...key(1) }
    expect(await appendKnownHost(file, entry)).toBeUndefined()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    writeFileSync(file, readFileSync(file, 'utf8').trimEnd())
    await Promise.all(Array.from({ length: 5 }, () => appendKnownHost(file, { name: 'other', ...key(2) })))
    expect(readFileSync(file, 'utf8')).toBe(line('[h]:1', 1) + line('other', 2))
  })

  test.each(['a b', 'a,b', '*', '!a', '|1|x', '#a', '@revoked', 'a\nb', ''])(
    'refuses the name %j',
    async (bad) => {
      const file = fileIn()
      expect(await appendKnownHost(file, { name: bad, ...key(1) })).toBeTypeOf('string')
      expect(() => readFileSync(file)).toThrow()
    },
  )
})
