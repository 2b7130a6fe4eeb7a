import { expect, it } from 'vitest'
import { startLabHost } from '../../../../src/adapters/lab/server/start-lab-host.ts'
import { connect, exec, finish, hostKey, openChannel, startTestHost } from './lab-client.ts'

it('refuses connections while that fault lasts', async () => {
  await using lab = await startTestHost()
  const end = lab.faults.add({ kind: 'refuse-connections' })
  expect((await connect(lab)).ok).toBe(false)
  end()
  const { client, ok } = await connect(lab)
  expect(ok).toBe(true)
  client.end()
})

it('never answers a connection that hangs', async () => {
  await using lab = await startTestHost()
  lab.faults.add({ kind: 'hang-connection' }, { times: 1 })
  expect(await connect(lab, { readyTimeout: 200 })).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/Timed out/),
  })
  const { client, ok } = await connect(lab)
  expect(ok).toBe(true)
  client.end()
})

it('says nothing of a command that hangs, though it runs', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  lab.faults.add({ kind: 'hang-command' }, { times: 1 })
  const channel = await openChannel(client, 'echo heard; echo done > /tmp/done')
  let heard = ''
  channel.on('data', (chunk: Buffer) => (heard += chunk.toString()))
  await expect.poll(() => lab.host.fs().exists('/tmp/done')).toBe(true)
  expect(await exec(client, 'echo next')).toMatchObject({ stdout: 'next\n', code: 0 })
  expect(heard).toBe('')
  client.end()
})

it('begins commands later when it is slow', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  lab.faults.add({ kind: 'slow', perCommandMs: 120 })
  const began = performance.now()
  await exec(client, 'true')
  expect(performance.now() - began).toBeGreaterThanOrEqual(115)
  client.end()
})

it('cuts the line at the byte it is told, and the command goes on', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  lab.faults.add({ kind: 'drop-line', afterOutputBytes: 7 })
  const result = await exec(client, 'trap "" PIPE; echo 12345; echo 67890; sleep 0.1; echo on > /tmp/on')
  expect(result.code).toBeUndefined()
  expect('12345\n6'.startsWith(result.stdout)).toBe(true)
  await expect.poll(() => lab.host.fs().exists('/tmp/on')).toBe(true)
})

it('closes a channel without a status', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  lab.faults.add({ kind: 'no-exit-status' }, { times: 1 })
  expect(await exec(client, 'echo a')).toMatchObject({ stdout: 'a\n', code: undefined })
  expect(await exec(client, 'echo b')).toMatchObject({ stdout: 'b\n', code: 0 })
  client.end()
})

it('boots again in the middle of a command: its processes end, its files stay, the boot id is another', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  const bootId = lab.host.handle.bootId()
  lab.faults.add({ kind: 'reboot', afterOutputBytes: 3 })
  const result = await exec(
    client,
    'echo kept > /tmp/kept; sleep 60 & echo go; sleep 60; echo never > /tmp/never',
  )
  expect(result.code).toBeUndefined()
  expect(lab.host.handle.bootId()).not.toBe(bootId)
  expect(lab.host.handle.processes().filter(({ command }) => command.startsWith('sleep'))).toEqual([])
  lab.faults.clear()
  const after = await connect(lab)
  expect(
    await exec(after.client, 'cat /tmp/kept; cat /proc/sys/kernel/random/boot_id; ls /tmp/never'),
  ).toMatchObject({
    stdout: `kept\n${lab.host.handle.bootId()}\n`,
    code: 2,
  })
  after.client.end()
})

it('has no room on a full disk, and has it again afterwards', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  const end = lab.faults.add({ kind: 'disk-full' })
  expect(
    await exec(client, 'echo some text > /tmp/f; echo $?; cp /etc/passwd /tmp/p; echo $?; df -P / | tail -1'),
  ).toMatchObject({
    stdout: expect.stringMatching(/^1\n1\n\S+ +41943040 +41943040 +0 +100% \/\n$/),
    stderr: expect.stringMatching(/No space left on device/),
  })
  end()
  expect(await exec(client, 'echo some text > /tmp/f; cat /tmp/f')).toMatchObject({ stdout: 'some text\n' })
  client.end()
})

it('shows a wrong time while its clock is wrong', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  const end = lab.faults.add({ kind: 'clock-skew', byMs: 3_600_000 })
  const skewed = Number((await exec(client, 'date +%s')).stdout)
  end()
  const right = Number((await exec(client, 'date +%s')).stdout)
  expect(skewed - right).toBeGreaterThan(3_500)
  client.end()
})

it('shows another host key to new connections', async () => {
  await using lab = await startTestHost()
  const shown: string[] = []
  const look = async (): Promise<void> => {
    const { client } = await connect(lab, {
      hostVerifier: (key: Buffer) => shown.push(key.toString('base64')) > 0,
    })
    client.end()
  }
  await look()
  lab.faults.add({ kind: 'host-key-changed' })
  await look()
  expect(hostKey.public).toContain(shown[0])
  expect(shown[1]).not.toBe(shown[0])
})

it('refuses logins, of one account only if told so', async () => {
  await using lab = await startTestHost()
  lab.faults.add({ kind: 'auth-refused' }, { user: 'ops' })
  expect(await connect(lab)).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/authentication methods failed/),
  })
  lab.faults.clear()
  lab.faults.add({ kind: 'auth-refused' }, { user: 'another' })
  const { client, ok } = await connect(lab)
  expect(ok).toBe(true)
  client.end()
})

it('strikes only commands whose text is meant, after the chances it lets pass', async () => {
  await using lab = await startTestHost()
  const { client } = await connect(lab)
  lab.faults.add({ kind: 'no-exit-status' }, { textHolds: 'step-two', skip: 1, times: 1 })
  const codes: unknown[] = []
  for (const script of ['# step-one', '# step-two', '# step-two', '# step-two'])
    codes.push((await exec(client, 'exec /bin/sh -s', `${script}\n`)).code)
  expect(codes).toEqual([0, 0, undefined, 0])
  client.end()
})

it('cuts open connections and closes its port when it is stopped', async () => {
  const lab = await startTestHost()
  const { client } = await connect(lab)
  const channel = await openChannel(client, 'sleep 60')
  const finished = finish(channel)
  await lab.close()
  expect((await finished).code).toBeUndefined()
  expect((await connect(lab)).ok).toBe(false)
  const again = await startLabHost({
    host: lab.host,
    hostKey: hostKey.private,
    accounts: new Map(),
    port: lab.port,
  })
  expect(again.port).toBe(lab.port)
  await again.close()
})
