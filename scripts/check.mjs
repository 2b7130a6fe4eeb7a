// The whole truth in one command: types, lint, format, build, unit and property tests, canaries among them.
// Every gate runs even if an earlier one failed, so that one look shows all; the exit code tells.
// Names of gates as arguments (`npm run check -- types lint`) run only those.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { NO_REASON, SUMMARY_DIRECTORY } from './test-summary.mjs'

const SOURCES = ['src', 'test', 'scripts', 'bench']
const SUMMARY = `${SUMMARY_DIRECTORY}/unit.json`
const gates = {
  types: ['tsc', '-b'],
  lint: ['oxlint', '--deny-warnings', ...SOURCES],
  format: ['oxfmt', '--check', ...SOURCES],
  'dead code': ['knip'],
  build: ['node', 'scripts/build.mjs', '--quiet'],
  tests: ['vitest', 'run', '--project', 'unit'],
}

/** What the tests say of themselves, and whether that may pass: a skip without a reason may not. */
function readSummary() {
  try {
    const { passed, failed, skipped } = JSON.parse(readFileSync(SUMMARY, 'utf8'))
    const silent = skipped.filter(({ reason }) => reason === NO_REASON)
    const figures = `${passed} passed, ${failed} failed, ${skipped.length} skipped`
    return silent.length === 0
      ? { fine: failed === 0, note: figures, skipped }
      : { fine: false, note: `${figures}, ${silent.length} of them without a reason`, skipped }
  } catch {
    return { fine: false, note: 'ended without a summary', skipped: [] }
  }
}

function runGate([name, [program, ...args]]) {
  const began = performance.now()
  if (name === 'tests') rmSync(SUMMARY, { force: true })
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' })
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  const { fine, note, skipped } = name === 'tests' ? readSummary() : { fine: true, note: '', skipped: [] }
  return { name, ok: status === 0 && fine, seconds, note: error?.message ?? note, skipped }
}

function printResults(results) {
  console.log('\ngate       result   seconds')
  for (const { name, ok, seconds, note } of results)
    console.log(
      `${name.padEnd(10)} ${(ok ? 'ok' : 'FAILED').padEnd(8)} ${seconds.padStart(7)}  ${note}`.trimEnd(),
    )
  const skipped = results.flatMap((result) => result.skipped)
  for (const reason of new Set(skipped.map((test) => test.reason)))
    console.log(`skipped: ${reason} (${skipped.filter((test) => test.reason === reason).length})`)
}

const only = process.argv.slice(2)
const unknown = only.filter((name) => !(name in gates))
if (unknown.length > 0) {
  console.error(`unknown gate ${unknown.join(', ')}; there are ${Object.keys(gates).join(', ')}`)
  process.exit(2)
}
const results = Object.entries(gates)
  .filter(([name]) => only.length === 0 || only.includes(name))
  .map(runGate)
printResults(results)
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name)
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`)
  process.exit(1)
}
