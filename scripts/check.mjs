// The whole truth in one command: types, lint, format, dead code, canaries, unit and property tests.
// Every gate runs even if an earlier one failed, so that one look shows all; the exit code tells.
import { spawnSync } from 'node:child_process'

const gates = [
  ['types', ['tsc', '-b']],
  ['lint', ['oxlint', '--deny-warnings', 'src', 'test', 'scripts', 'bench']],
  ['format', ['oxfmt', '--check', 'src', 'test', 'scripts', 'bench']],
  ['dead code', ['knip']],
  ['build', ['node', 'scripts/build.mjs', '--quiet']],
  ['tests', ['vitest', 'run', '--project', 'unit']],
]
const only = process.argv.slice(2)
const failed = []
for (const [name, command] of gates) {
  if (only.length > 0 && !only.includes(name)) continue
  const began = performance.now()
  const { status } = spawnSync(command[0], command.slice(1), { stdio: 'inherit' })
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (status !== 0) failed.push(name)
}
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`)
  process.exit(1)
}
