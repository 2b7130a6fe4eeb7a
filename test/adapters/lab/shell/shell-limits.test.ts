import { expect, it } from 'vitest'
import type { LabHost } from '../../../../src/adapters/lab/host/lab-host.ts'
import { runScript } from '../../../../src/adapters/lab/shell/run-script.ts'
import { buildPracticeHost, ops, runShell } from './practice-host.ts'

/** Starts a script, waits until the host has a process whose command holds `text`, and gives its pid. */
async function startUntil(
  host: LabHost,
  script: string,
  text: string,
): Promise<{ readonly pid: number; readonly result: ReturnType<typeof runShell> }> {
  const result = runShell(script, { host })
  const find = (): number | undefined =>
    host.handle.processes().find(({ command }) => command.includes(text))?.pid
  await expect.poll(find).toBeDefined()
  return { pid: find() ?? 0, result }
}

it('a loop that does nothing can be ended by a signal, and the lab stays responsive meanwhile', async () => {
  const host = buildPracticeHost()
  const { pid, result } = await startUntil(host, 'while :; do :; done', 'while')
  expect(host.handle.signalProcess(pid, 'TERM')).toBe(true)
  expect((await result).status).toBe(143)
})

it('a shell that runs in itself without end is stopped by a limit', async () => {
  const result = await runShell('f() { f; }; f')
  expect(result).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/Maximum function recursion depth/),
  })
})

it('an awk program without end is stopped by a limit', async () => {
  const result = await runShell("awk 'BEGIN { while (1) i++ }'")
  expect(result).toMatchObject({ status: 2, stderr: expect.stringMatching(/too long/) })
})

it('a pattern that backtracks elsewhere takes no time here', async () => {
  const began = performance.now()
  const text = 'a'.repeat(2_000)
  const script = `echo ${text} | grep -E '(a+)+$b'; echo ${text} | sed -E 's/(a*)*c/x/' | wc -c; case ${text} in *a*a*a*a*a*a*b) ;; esac`
  expect((await runShell(script)).stdout).toBe('2001\n')
  expect(performance.now() - began).toBeLessThan(15_000)
})

it('a writer whose reader is gone ends', async () => {
  const result = await runShell('while :; do echo y; done | head -n 1; echo done')
  expect(result).toMatchObject({ status: 0 })
})

it('kill reaches a process group, and only one’s own processes', async () => {
  const host = buildPracticeHost()
  host.handle.startProcess({ user: 'root', command: 'daemon' })
  const daemon = host.handle.processes().find(({ command }) => command === 'daemon')?.pid
  expect(await runShell(`kill ${daemon}`, { host })).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/not permitted/),
  })
  expect(
    await runShell(
      'setsid sh -c "sleep 60 & sleep 60 & wait" & sleep 0.05; kill -- -$!; wait $!; echo $?; pgrep -c sleep',
      { host },
    ),
  ).toMatchObject({ stdout: '143\n0\n' })
})

it('an option or command that a program does not have is refused loudly', async () => {
  const scripts = [
    'ls --hyperlink',
    'grep -P x',
    'sed -z p',
    "sed ':a;ba'",
    "awk '{ getline }'",
    'awk \'BEGIN { system("ls") }\'',
    'find . -o -name x',
    'sort --random',
    "echo aa | grep '\\(a\\)\\1'",
  ]
  for (const script of scripts) {
    const result = await runShell(script)
    expect({ script, failed: result.status > 0 && result.stderr !== '', stdout: result.stdout }).toEqual({
      script,
      failed: true,
      stdout: '',
    })
  }
})

it('programs are files: they can be moved, made unexecutable, linked and removed', async () => {
  const host = buildPracticeHost({
    programs: { '/opt/tool/bin/greet': async ({ write, name }) => (write(`hello from ${name}\n`), 0) },
  })
  const script =
    '/opt/tool/bin/greet; ln -s /opt/tool/bin/greet /usr/local/bin/g; g; chmod -x /opt/tool/bin/greet; g; echo $?; mv /opt/tool/bin/greet /tmp/t; chmod +x /tmp/t; /tmp/t; rm /tmp/t; /tmp/t; echo $?'
  const root = host.user('root')
  const result = await runShell(script, { host, ...(root === undefined ? {} : { user: root }) })
  expect(result.stdout).toBe('hello from /opt/tool/bin/greet\nhello from g\n127\nhello from /tmp/t\n127\n')
})

it('a restored host has its files, no processes and another boot id', async () => {
  const host = buildPracticeHost()
  await runShell('echo kept > f; sleep 60 &', { host })
  const saved = JSON.parse(JSON.stringify(host.snapshot())) as ReturnType<LabHost['snapshot']>
  const again = buildPracticeHost({ snapshot: saved })
  expect(await runShell('cat f; pgrep -c sleep', { host: again })).toMatchObject({ stdout: 'kept\n0\n' })
  expect(again.handle.bootId()).not.toBe(host.handle.bootId())
})

it('a shell reads its commands bit by bit, so that they can read what comes after them', async () => {
  const host = buildPracticeHost()
  const stdin = 'read a b\none two\necho "$b $a"; cat <<E\nhere $a\nE\nhead -n 1\nrest of the input\n'
  const result = await runScript({ machine: host.machine, user: ops, argv: ['sh', '-s'], stdin })
  expect(result).toMatchObject({ stdout: 'two one\nhere one\nrest of the input\n', status: 0 })
})
