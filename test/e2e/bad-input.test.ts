import { execa } from 'execa'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testUnless } from '../support/skip.ts'
import { until } from './support/desk.ts'
import { startPractice, type Practice } from './support/practice.ts'

const GOOD_STEP = '## S\n<!-- handrail on=box -->\n\n```sh run repeat=safe\ntrue\n```\n'

let practice: Practice
let silent: Server
beforeAll(async () => {
  practice = await startPractice(1)
  silent = createServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', () => resolve()))
})
afterAll(async () => {
  silent.close()
  await practice.stop()
})

/** A command that waits for a file. */
const untilThere = (file: string): string => `while ! test -e ${file}; do sleep 0.05; done`

/** Says why no small file system can be made here: not root, or root of a container that may not mount. */
function mountMissing(): string | undefined {
  const dir = mkdtempSync(join(tmpdir(), 'hr-mount-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir])
  if (status === 0) spawnSync('umount', ['-l', dir])
  rmSync(dir, { recursive: true, force: true })
  return status === 0 ? undefined : 'a full disk was not tried: a small file system cannot be mounted here'
}

let files = 0
function write(name: string, text: string | Buffer): string {
  files += 1
  const folder = join(practice.dir, `files-${files}`)
  mkdirSync(folder)
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

function runbook(body = GOOD_STEP, front = ''): string {
  return write('book.md', `---\nhandrail: 1\ntitle: T\n${front}---\n\n# T\n\n${body}`)
}

function inventory(change: (text: string) => string = (text) => text): string {
  const { sshd, proxy, dir } = practice.hosts[0]!
  const ssh = `{ port: ${proxy.port}, user: ${sshd.user}, identity: ${sshd.identity}, knownHosts: ${join(practice.dir, 'known_hosts')}, base: ${join(practice.dir, `base-${files}`)} }`
  return write(
    'inv.yaml',
    change(
      `handrail: 1\nname: bad\nhosts:\n  - { name: box1, address: { private: 127.0.0.1 }, roles: { box: {} }, vars: { dir: ${dir} }, ssh: ${ssh} }\n`,
    ),
  )
}

const RUN = ['--inline', '--plain', '--approve', 'disruptive']

async function check(args: readonly string[], expected: { code: number; says: RegExp }): Promise<void> {
  const { code, all, lastLine } = await practice.run(args)
  expect({ code, all }).toEqual({ code: expected.code, all: expect.stringMatching(expected.says) })
  // eslint-disable-next-line no-control-regex -- that is what is looked for
  expect(all).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
  if (code !== 0) expect(lastLine).toMatch(/^Next: /)
}

describe('what a person may get wrong', () => {
  test.each<[string, () => string[], number, RegExp]>([
    ['an unknown command', () => ['runn'], 2, /no command/],
    ['an unknown option', () => ['run', runbook(), '-i', inventory(), '--aprove', 'change'], 2, /--aprove/],
    ['no inventory', () => ['run', runbook()], 2, /inventory/i],
    [
      'an option with a value that it does not take',
      () => ['run', runbook(), '-i', inventory(), '--approve', 'everything'],
      2,
      /approve/,
    ],
    [
      'an unknown verb',
      () => ['lint', runbook('## S\n<!-- handrail on=box -->\n\n```sh rum\ntrue\n```\n')],
      4,
      /rum/,
    ],
    [
      'an unknown option in a runbook',
      () => [
        'lint',
        runbook('## S\n<!-- handrail on=box dangr=read -->\n\n```sh run repeat=safe\ntrue\n```\n'),
      ],
      4,
      /danger/,
    ],
    ['an unknown type', () => ['lint', runbook(GOOD_STEP, 'params: { a: { type: intt } }\n')], 4, /intt/],
    ['an unknown parameter', () => ['run', runbook(), '-i', inventory(), ...RUN, '-p', 'nope=1'], 4, /nope/],
    [
      'a value that does not fit',
      () => [
        'run',
        runbook(GOOD_STEP, 'params: { a: { type: int } }\n'),
        '-i',
        inventory(),
        ...RUN,
        '-p',
        'a=x',
      ],
      4,
      /whole number/,
    ],
    [
      'an unknown host',
      () => ['run', runbook(GOOD_STEP.replace('on=box', 'on=boxx')), '-i', inventory(), ...RUN],
      4,
      /boxx/,
    ],
    [
      'an expression that does not type-check',
      () => ['lint', runbook(GOOD_STEP.replace('true', 'echo {{ 1 + "a" }}'))],
      4,
      /HR1/,
    ],
    [
      'a cycle of runbooks',
      () => [
        'lint',
        write(
          'cycle.md',
          '---\nhandrail: 1\ntitle: T\n---\n\n# T\n\n## S\n<!-- handrail runbook=cycle.md -->\n',
        ),
      ],
      4,
      /cycle/,
    ],
    ['a runbook that is not there', () => ['lint', join(practice.dir, 'none.md')], 2, /none\.md/],
    ['an empty runbook', () => ['lint', write('empty.md', '')], 4, /empty/],
    [
      'a runbook of 50 MB',
      () => ['lint', write('big.md', Buffer.alloc(50 * 1024 * 1024, 'x'))],
      4,
      /large|big|MB|MiB/,
    ],
    [
      'a binary runbook',
      () => ['lint', write('binary.md', Buffer.from([0, 1, 2, 255, 254, 0, 10]))],
      4,
      /binary|NUL|UTF-8|text/,
    ],
    [
      'two hosts of one name',
      () => ['inventory', inventory((text) => text + text.split('\n').at(-2)! + '\n')],
      4,
      /box1/,
    ],
    [
      'two hosts at one address and port',
      () => [
        'inventory',
        inventory((text) => text + text.split('\n').at(-2)!.replace('name: box1', 'name: box2') + '\n'),
      ],
      4,
      /address/,
    ],
    [
      'a missing secret',
      () => [
        'run',
        runbook(
          GOOD_STEP.replace('true', 't={{ token }}; : "$t"'),
          'params: { token: { type: secret, default: "secret:t" } }\n',
        ),
        '-i',
        inventory((text) => `${text}secrets: { t: { env: HR_NOT_SET } }\n`),
        ...RUN,
      ],
      1,
      /HR_NOT_SET|secret t/,
    ],
    [
      'a secret on the command line',
      () => [
        'run',
        runbook(GOOD_STEP.replace('true', 't={{ token }}; : "$t"'), 'params: { token: { type: secret } }\n'),
        '-i',
        inventory(),
        ...RUN,
        '-p',
        'token=hunter2hunter2',
      ],
      4,
      /reference/,
    ],
    ['a run that is not there', () => ['show', 'zzzz'], 2, /zzzz/],
    [
      'nothing to resume',
      () => ['resume', '--state-dir', join(practice.dir, 'empty-state')],
      2,
      /nothing to resume/,
    ],
  ])('%s', async (_name, args, code, says) => {
    await check(args(), { code, says })
  })

  test('a secret given on the command line is not printed back', async () => {
    const { all } = await practice.run([
      'run',
      runbook(GOOD_STEP, 'params: { token: { type: secret } }\n'),
      '-i',
      inventory(),
      ...RUN,
      '-p',
      'token=hunter2hunter2',
    ])
    expect(all).not.toContain('hunter2')
  })
})

function port(): number {
  return practice.hosts[0]!.proxy.port
}

describe('what a host may do', () => {
  test('it refuses the connection', () =>
    check(['run', runbook(), '-i', inventory((text) => text.replace(`port: ${port()}`, 'port: 9')), ...RUN], {
      code: 5,
      says: /cannot be reached/,
    }))

  test('it refuses the connection of a probe', () =>
    check(
      [
        'run',
        runbook(GOOD_STEP.replace('sh run repeat=safe', 'sh check')),
        '-i',
        inventory((text) => text.replace(`port: ${port()}`, 'port: 9')),
        ...RUN,
      ],
      { code: 5, says: /cannot be reached/ },
    ))

  test('it never says a word', () => {
    const address = silent.address()
    const silentPort = typeof address === 'object' && address !== null ? address.port : 0
    return check(
      [
        'run',
        runbook(),
        '-i',
        inventory((text) => text.replace(`port: ${port()}`, `port: ${silentPort}`)),
        ...RUN,
      ],
      { code: 5, says: /box1/ },
    )
  })

  test('its key is new', () =>
    check(
      [
        'run',
        runbook(),
        '-i',
        inventory((text) => text.replace(/knownHosts: [^,]+/, `knownHosts: ${join(practice.dir, 'nobody')}`)),
        ...RUN,
      ],
      { code: 5, says: /SHA256:/ },
    ))

  test('its key has changed', async () => {
    const other = join(practice.dir, 'other-key')
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other])
    const { stdout } = await execa('cat', [`${other}.pub`])
    const known = write('known_hosts', `[127.0.0.1]:${port()} ${stdout.split(' ').slice(0, 2).join(' ')}\n`)
    await check(
      [
        'run',
        runbook(),
        '-i',
        inventory((text) => text.replace(/knownHosts: [^,]+/, `knownHosts: ${known}`)),
        ...RUN,
      ],
      { code: 5, says: /known_hosts:1/ },
    )
  })

  test('it prints escape sequences, invalid UTF-8 and a flood', async () => {
    const body = GOOD_STEP.replace(
      'true',
      `printf '\\033]0;owned\\007\\033[2J\\377\\376 done\\n'; head -c 3000000 /dev/zero | tr '\\0' x; echo`,
    )
    await check(['run', runbook(body), '-i', inventory(), ...RUN], { code: 0, says: /done/ })
  })

  test('it kills the command', () =>
    check(['run', runbook(GOOD_STEP.replace('true', () => 'kill -9 $$')), '-i', inventory(), ...RUN], {
      code: 1,
      says: /137|KILL/,
    }))

  test('a command fails', () =>
    check(['run', runbook(GOOD_STEP.replace('true', 'exit 7')), '-i', inventory(), ...RUN], {
      code: 1,
      says: /exit code 7/,
    }))

  test('a question stays open: the last line says what to type', () =>
    check(['run', runbook(), '-i', inventory(), '--inline', '--plain'], {
      code: 3,
      says: /Next: handrail resume/,
    }))
})

describe('what a machine may lack', () => {
  const isRoot = process.getuid?.() === 0
  test('the state directory is a file', () =>
    check(['run', runbook(), '-i', inventory(), ...RUN, '--state-dir', write('state', '')], {
      code: 6,
      says: /directory/,
    }))

  testUnless(isRoot ? 'root may write everywhere' : undefined)(
    'the state directory is read-only',
    async () => {
      const dir = mkdtempSync(join(tmpdir(), 'hr-ro-'))
      chmodSync(dir, 0o500)
      await check(['run', runbook(), '-i', inventory(), ...RUN, '--state-dir', dir], {
        code: 6,
        says: /write/,
      })
      rmSync(dir, { recursive: true, force: true })
    },
  )

  testUnless(mountMissing())('the state directory is full: nothing is started', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'hr-full-'))
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=0700', 'tmpfs', dir])
    try {
      writeFileSync(join(dir, 'filler'), Buffer.alloc(240 * 1024))
      const mark = join(practice.dir, 'started')
      const { code, all } = await practice.run([
        'run',
        runbook(GOOD_STEP.replace('true', `touch ${mark}`)),
        '-i',
        inventory(),
        ...RUN,
        '--state-dir',
        dir,
      ])
      expect({ code, all }).toEqual({ code: 6, all: expect.stringMatching(/space|full/i) })
      expect(readdirSync(practice.dir)).not.toContain('started')
    } finally {
      await execa('umount', ['-l', dir])
    }
  })

  test('somebody drives the run already', async () => {
    const state = join(practice.dir, 'state-busy')
    const [begun, go] = [join(practice.dir, 'busy-begun'), join(practice.dir, 'busy-go')]
    const slow = runbook(GOOD_STEP.replace('true', `touch ${begun}; ${untilThere(go)}`))
    const tool = practice.start(['run', slow, '-i', inventory(), ...RUN, '--state-dir', state])
    await until(() => existsSync(begun))
    const second = await practice.run(['resume', '--inline', '--plain', '--state-dir', state])
    expect({ code: second.code, all: second.all }).toEqual({
      code: 3,
      all: expect.stringMatching(/is driven by/),
    })
    writeFileSync(go, '')
    expect((await tool).exitCode).toBe(0)
  })

  test('Ctrl-C lets go; the job goes on and a resume finds it', async () => {
    const state = join(practice.dir, 'state-int')
    const [mark, go] = [join(practice.dir, 'int-effects'), join(practice.dir, 'int-go')]
    const body = GOOD_STEP.replace(' repeat=safe', '').replace(
      'true',
      `echo begun >> ${mark}; ${untilThere(go)}; echo ended >> ${mark}`,
    )
    const tool = practice.start(['run', runbook(body), '-i', inventory(), ...RUN, '--state-dir', state])
    await until(() => existsSync(mark))
    tool.kill('SIGINT')
    const { exitCode, all } = await tool
    expect({ exitCode, all }).toEqual({ exitCode: 130, all: expect.stringMatching(/Next: handrail/) })
    writeFileSync(go, '')
    const resumed = await practice.run(['resume', ...RUN, '--state-dir', state])
    expect({ code: resumed.code, all: resumed.all }).toMatchObject({ code: 0 })
    const { stdout } = await execa('cat', [mark])
    expect(stdout).toBe('begun\nended')
  })
})
