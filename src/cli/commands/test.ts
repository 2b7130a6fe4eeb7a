import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { loadScenario } from '../../adapters/lab/scenario/load-scenario.ts'
import { parseYamlBy } from '../../adapters/lab/scenario/parse-scenario.ts'
import { UsageError } from '../../core/base/errors.ts'
import type { CliContext, CommandEnd } from '../cli-context.ts'
import { DONE } from '../cli-context.ts'
import { OWN_COMMAND, scenarioFolders } from '../lab/lab-places.ts'
import { indent, say } from '../output/say.ts'
import { runCase } from '../practice-test/run-case.ts'
import type { CaseResult } from '../practice-test/run-case.ts'
import { testFileSchema } from '../practice-test/test-schema.ts'
import type { TestFile } from '../practice-test/test-schema.ts'
import { sanitizeText } from '../../core/base/sanitize.ts'

/** `handrail test RUNBOOK… [--scenario S]`: runs the runbooks' own tests against practice hosts, without a person. */
export async function runTest(context: CliContext): Promise<CommandEnd> {
  const { input, output, json } = context
  const results: (CaseResult & { readonly file: string })[] = []
  for (const runbook of input.rest(0)) {
    for (const file of await findTestFiles(resolve(context.world.cwd, runbook)))
      for await (const result of runFile(context, file)) {
        results.push({ ...result, file })
        printResult(output, result)
      }
  }
  const failed = results.filter(({ mismatches }) => mismatches.length > 0)
  if (json) output.json(results.map(({ output: _output, ...rest }) => rest))
  if (results.length === 0)
    throw new UsageError('there is nothing to test', ['a test file names its runbook; see docs/lab.md'])
  output.tell(say`${results.length} cases, ${failed.length} failed`, failed.length > 0 ? 'bad' : 'good')
  return failed.length > 0 ? { exitCode: 1, next: 'look at what the tool printed, above' } : DONE
}

function printResult(output: CliContext['output'], result: CaseResult): void {
  const { name, scenario, mismatches, durationMs } = result
  const seconds = (durationMs / 1000).toFixed(1)
  output.tell(
    say`${mismatches.length > 0 ? 'FAILED' : 'ok    '} ${name} (${scenario}, ${seconds} s)`,
    mismatches.length > 0 ? 'bad' : 'good',
  )
  if (mismatches.length === 0) return
  for (const mismatch of mismatches) output.tell(say`         ${mismatch}`)
  output.tell(indent(sanitizeText(result.output), 4), 'quiet')
}

/** The file itself if it is one of tests, else those beside the runbook, in `tests/`, that name it. */
async function findTestFiles(path: string): Promise<readonly string[]> {
  if (/\.ya?ml$/.test(path)) return [path]
  const folder = join(dirname(path), 'tests')
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => name.endsWith('.yaml')).map((name) => join(folder, name))
  const found: string[] = []
  for (const file of files.toSorted())
    if (basename((await readTestFile(file)).runbook) === basename(path)) found.push(file)
  return found
}

async function readTestFile(path: string): Promise<TestFile> {
  const { value, diagnostics } = parseYamlBy(testFileSchema, await readFile(path, 'utf8'), path)
  if (value !== undefined) return value
  throw new UsageError(
    `${path}:${diagnostics[0]?.line ?? 1} cannot be used: ${diagnostics[0]?.message ?? 'no test file'}`,
    ['docs/lab.md describes the format'],
  )
}

async function* runFile(context: CliContext, path: string): AsyncGenerator<CaseResult> {
  const file = await readTestFile(path)
  const only = context.input.text('scenario')
  const wanted = context.input.text('case')
  for (const testCase of file.cases) {
    const name = testCase.scenario ?? file.scenario
    if (only !== undefined && only !== name) continue
    if (wanted !== undefined && !testCase.name.includes(wanted)) continue
    yield await runCase({
      testCase,
      scenario: await loadScenario(name, scenarioFolders(context)),
      runbook: resolve(dirname(path), file.runbook),
      tool: [...OWN_COMMAND],
      env: context.world.env,
    })
  }
}
