// The whole truth in one command: types, lint, format, build, unit and property tests, canaries among them.
// Every gate runs even if another one failed, so that one look shows all; the exit code tells. The tests come last,
// since some of them read what is built; the others run side by side and print what they say one after the other.
// Names of gates as arguments (`npm run check -- types lint`) run only those.
import { spawn } from 'node:child_process'
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

/** Runs a program to its end; what it prints is shown at once, or given as text. */
function run([program, ...args], isShown) {
  const { promise, resolve } = Promise.withResolvers()
  const child = spawn(program, args, { stdio: isShown ? 'inherit' : ['ignore', 'pipe', 'pipe'] })
  const chunks = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk))
  child.on('error', (error) => resolve({ status: 1, error, said: '' }))
  child.on('close', (status) => resolve({ status, said: Buffer.concat(chunks).toString() }))
  return promise
}

async function runGate([name, command]) {
  const began = performance.now()
  const isTests = name === 'tests'
  if (isTests) rmSync(SUMMARY, { force: true })
  const { status, error, said } = await run(command, isTests)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  const { fine, note, skipped } = isTests ? readSummary() : { fine: true, note: '', skipped: [] }
  process.stdout.write(said)
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
const wanted = Object.entries(gates).filter(([name]) => only.length === 0 || only.includes(name))
const [tests, others] = [
  wanted.filter(([name]) => name === 'tests'),
  wanted.filter(([name]) => name !== 'tests'),
]
const results = await Promise.all(others.map(runGate))
for (const gate of tests) results.push(await runGate(gate))
printResults(results)
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name)
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`)
  process.exit(1)
}
