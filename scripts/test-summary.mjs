// A reporter of vitest: says at the end of a run what was skipped and why, and leaves the figures of each project in
// build/test-summary/PROJECT.json for check.mjs and .ci/run.
import { mkdirSync, writeFileSync } from 'node:fs'

export const SUMMARY_DIRECTORY = 'build/test-summary'
/** A skip without words: left by a filter (-t), or by a test that does not use test/support/skip.ts. */
export const NO_REASON = 'no reason given'

const emptySummary = () => ({ passed: 0, failed: 0, skipped: [] })

/** Counts one module; a module that could not be collected, or that failed outside of its tests, is one failure. */
function addModule(summary, module) {
  const file = module.relativeModuleId
  let failedTests = 0
  for (const test of module.children.allTests()) {
    const { state, ...result } = test.result()
    if (state === 'passed') summary.passed += 1
    else if (state === 'skipped')
      summary.skipped.push({ file, name: test.fullName, reason: result.note ?? NO_REASON })
    else failedTests += 1
  }
  summary.failed += failedTests === 0 && module.state() === 'failed' ? 1 : failedTests
}

function printSkipped(skipped) {
  if (skipped.length === 0) return
  const byReason = Map.groupBy(skipped, ({ reason }) => reason)
  console.log(`\nSkipped, and why (${skipped.length}):`)
  for (const [reason, tests] of byReason) {
    console.log(`  ${reason}`)
    if (reason === NO_REASON) console.log(`    ${tests.length} tests`)
    else for (const { file, name } of tests) console.log(`    ${file}: ${name}`)
  }
}

/** Give one to vitest's `reporters`. */
export class TestSummary {
  onTestRunEnd(modules, unhandledErrors) {
    const projects = Map.groupBy(modules, (module) => module.project.name)
    mkdirSync(SUMMARY_DIRECTORY, { recursive: true })
    for (const [name, own] of projects) {
      const summary = emptySummary()
      for (const module of own) addModule(summary, module)
      summary.failed += unhandledErrors.length
      writeFileSync(`${SUMMARY_DIRECTORY}/${name}.json`, JSON.stringify(summary, null, 1))
      printSkipped(summary.skipped)
    }
  }
}
