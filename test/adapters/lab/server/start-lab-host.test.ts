import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import { expect, it } from 'vitest'
import { buildPracticeHost } from '../shell/practice-host.ts'
import { connect, exec, finish, hostKey, openChannel, startTestHost, userKey } from './lab-client.ts'
import { testUnless } from '../../../support/skip.ts'

it('runs a command and tells its output and exit status', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  expect(await exec(client, 'echo out; echo err >&2; exit 3')).toEqual({
    stdout: 'out\n',
    stderr: 'err\n',
    code: 3,
    signal: undefined,
  })
  client.end()
})

it('runs a script that comes on the standard input of exec /bin/sh -s', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  const script = '{\nx=\'a b\'\necho "$x"; pwd; cat\nexit 4\n}\n'
  expect(await exec(client, 'exec /bin/sh -s', script)).toMatchObject({ stdout: 'a b\n/home/ops\n', code: 4 })
  expect(await exec(client, 'exec /bin/sh -s', 'read line\nthe data\necho "[$line]"\n')).toMatchObject({
    stdout: '[the data]\n',
    code: 0,
  })
  client.end()
})

it('gives a command the bytes that it wants as soon as they are there, and the rest to who reads next', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  const channel = await openChannel(
    client,
    's=$(dd bs=1 count=5 2>/dev/null); echo "[$s]"; read x; echo "$x"',
  )
  channel.write('abcdelater\n')
  expect(await finish(channel)).toMatchObject({ stdout: '[abcde]\nlater\n', code: 0 })
  client.end()
})

it('logs in by key and by password, and refuses other keys, passwords and accounts', async () => {
  await using lab = await startTestHost()
  const check = async (options: object, expected: boolean): Promise<void> => {
    const { client, ok } = await connect(lab, options)
    client.end()
    expect({ options: Object.keys(options), ok }).toEqual({ options: Object.keys(options), ok: expected })
  }
  const withoutKey = { privateKey: undefined as unknown as string }
  await check({}, true)
  await check({ ...withoutKey, password: 'pw' }, true)
  await check({ ...withoutKey, password: 'wrong' }, false)
  await check({ privateKey: hostKey.private }, false)
  await check({ username: 'nobody' }, false)
})

it('answers a warm command in milliseconds and many at once', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  const results = await Promise.all(Array.from({ length: 8 }, (_, index) => exec(client, `echo ${index}`)))
  expect(results.map(({ stdout }) => stdout.trim())).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'])
  client.end()
})

it('tells the signal that ended a command, and takes signals from the client', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  expect(await exec(client, 'kill -9 $$')).toMatchObject({ code: null, signal: 'SIGKILL' })
  const channel = await openChannel(client, 'trap "echo caught; exit 9" TERM; echo ready; sleep 0.2; sleep 5')
  channel.once('data', () => channel.signal('TERM'))
  expect(await finish(channel)).toMatchObject({ stdout: 'ready\ncaught\n', code: 9 })
  client.end()
})

it('lets a command live on when the client goes, and shows that its parent is gone', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  const channel = await openChannel(
    client,
    'echo started; until [ "$(cut -d" " -f4 /proc/$$/stat)" = 1 ]; do sleep 0.05; done; echo 1 > /tmp/parent',
  )
  const { promise, resolve } = Promise.withResolvers<void>()
  channel.once('data', () => resolve())
  await promise
  client.destroy()
  await expect.poll(() => lab.host.fs().readFile('/tmp/parent')).toEqual({ ok: true, value: '1\n' })
})

it('keeps the channel open while a background command holds its output, and no longer', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  expect(await exec(client, '{ sleep 0.1; echo late; } & echo early')).toMatchObject({
    stdout: 'early\nlate\n',
    code: 0,
  })
  const began = performance.now()
  expect(await exec(client, 'sleep 60 >/dev/null 2>&1 & echo early')).toMatchObject({
    stdout: 'early\n',
    code: 0,
  })
  expect(performance.now() - began).toBeLessThan(20_000)
  client.end()
})

it('passes bytes through as they are, whatever their encoding and however they are cut', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  const bytes = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256))
  const channel = await openChannel(client, 'cat > /tmp/f; cat /tmp/f')
  const received: Buffer[] = []
  channel.on('data', (chunk: Buffer) => received.push(chunk))
  const { promise, resolve } = Promise.withResolvers<void>()
  channel.on('close', () => resolve())
  for (let at = 0; at < bytes.length; at += 61) channel.write(bytes.subarray(at, at + 61))
  channel.end()
  await promise
  expect(Buffer.concat(received).equals(bytes)).toBe(true)
  client.end()
})

it('tunnels to services of the host, HTTP and other, and refuses closed ports', async () => {
  await using lab = await startTestHost()
  lab.host.handle.listen(8080, {
    kind: 'http',
    respond: async ({ method, path, body }) => ({ status: 201, body: `${method} ${path} ${body}` }),
  })
  lab.host.handle.listen(9042, { kind: 'stream', connect: (stream) => void stream.end('hello') })
  const { client } = await connect(lab)
  expect(await fetchThrough(client, 8080)).toEqual({ status: 201, body: 'POST /health?x=1 ping' })
  const raw = await tunnel(client, 9042)
  const chunks: Buffer[] = []
  for await (const chunk of raw) chunks.push(chunk as Buffer)
  expect(Buffer.concat(chunks).toString()).toBe('hello')
  await expect(tunnel(client, 9999)).rejects.toThrow(/Channel open failure/)
  client.end()
})

const noSsh =
  spawnSync('ssh', ['-V']).error && 'OpenSSH is not installed: its ssh was not tried against a practice host'

testUnless(noSsh)('serves the ssh program of OpenSSH', async () => {
  await using lab = await startTestHost()
  const directory = mkdtempSync(join(tmpdir(), 'lab-ssh-'))
  writeFileSync(join(directory, 'key'), userKey.private, { mode: 0o600 })
  writeFileSync(join(directory, 'known_hosts'), `[127.0.0.1]:${lab.port} ${hostKey.public}\n`)
  const settings = [
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${join(directory, 'known_hosts')}`,
    'IdentitiesOnly=yes',
    'BatchMode=yes',
  ]
  const args = [
    '-F',
    'none',
    '-i',
    join(directory, 'key'),
    '-p',
    String(lab.port),
    ...settings.flatMap((text) => ['-o', text]),
    'ops@127.0.0.1',
  ]
  const child = spawn('ssh', [...args, 'exec /bin/sh -s'])
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stdin.end('hostname; exit 7\n')
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.on('close', resolve)
  const code = await promise
  rmSync(directory, { recursive: true })
  expect({ code, stdout }).toEqual({ code: 7, stdout: 'node1\n' })
})

it('starts ten hosts at once with less than a second of computing', async () => {
  const before = process.cpuUsage()
  const labs = await Promise.all(Array.from({ length: 10 }, () => startTestHost(buildPracticeHost())))
  const { user, system } = process.cpuUsage(before)
  await Promise.all(labs.map((lab) => lab.close()))
  expect((user + system) / 1000).toBeLessThan(1_000)
})

async function tunnel(client: Client, port: number): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
  client.forwardOut('127.0.0.1', 0, '127.0.0.1', port, (problem, stream) =>
    problem === undefined ? resolve(stream) : reject(problem),
  )
  return promise
}

async function fetchThrough(
  client: Client,
  port: number,
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const stream = await tunnel(client, port)
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; body: string }>()
  const request = httpRequest(
    {
      method: 'POST',
      path: '/health?x=1',
      createConnection: () => stream as never,
      headers: { connection: 'close' },
    },
    (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode, body }))
    },
  )
  request.on('error', reject)
  request.end('ping')
  return promise
}
