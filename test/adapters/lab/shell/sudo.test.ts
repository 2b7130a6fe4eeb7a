import { expect, it } from 'vitest'
import { buildSudo } from '../../../../src/adapters/lab/shell/programs/sudo.ts'
import type { LabUser } from '../../../../src/adapters/lab/program.ts'
import { buildPracticeHost, ops, runShell } from './practice-host.ts'

const guest: LabUser = { ...ops, name: 'guest', uid: 1001, home: '/home/guest' }

const rows: readonly (readonly [
  string,
  { script: string; stdin?: string; user?: LabUser; password?: string },
  object,
])[] = [
  ['runs as root without asking', { script: 'sudo -n whoami' }, { status: 0, stdout: 'root\n' }],
  [
    'runs as a named user',
    { script: 'sudo -n -u ops -- sh -c "id -un; echo $HOME"' },
    { status: 0, stdout: 'ops\n/home/ops\n' },
  ],
  [
    'asks with the given prompt and reads the password from its input',
    {
      script: 'sudo -S -p "nonce:" -- sh -c "echo OK >&2; exec sh -s"',
      stdin: 'pw\nwhoami; cat\nrest\n',
      password: 'pw',
    },
    { status: 0, stderr: 'nonce:OK\n', stdout: 'root\nrest\n' },
  ],
  [
    'asks again after a wrong password, three times at most',
    { script: 'sudo -S -p "n:" true', stdin: 'a\nb\nc\npw\n', password: 'pw' },
    {
      status: 1,
      stderr: 'n:Sorry, try again.\nn:Sorry, try again.\nn:sudo: 3 incorrect password attempts\n',
    },
  ],
  [
    'does not ask when told not to',
    { script: 'sudo -n true', password: 'pw' },
    { status: 1, stderr: 'sudo: a password is required\n' },
  ],
  [
    'needs a terminal or -S to ask',
    { script: 'sudo true', password: 'pw' },
    { status: 1, stderr: expect.stringMatching(/a terminal is required/) },
  ],
  [
    'refuses who has no right',
    { script: 'sudo -n true', user: guest },
    { status: 1, stderr: 'guest is not in the sudoers file.\n' },
  ],
  ['gives the exit code of the command', { script: 'sudo -n sh -c "exit 5"' }, { status: 5 }],
  ['names a command that is not there', { script: 'sudo -n nosuch' }, { status: 127 }],
]

it.each(rows)('sudo %s', async (_name, call, expected) => {
  const right = call.password === undefined ? {} : { password: call.password }
  const host = buildPracticeHost({ programs: { sudo: buildSudo(new Map([['ops', right]])) } })
  expect(
    await runShell(call.script, { host, stdin: call.stdin ?? '', user: call.user ?? ops }),
  ).toMatchObject(expected)
})
