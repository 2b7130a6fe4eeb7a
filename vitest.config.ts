import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { COMPILE_CACHE } from './test/support/compile-cache.ts'
import { INK_PATCHES } from './scripts/ink-patches.mjs'
import { TestSummary } from './scripts/test-summary.mjs'

/**
 * The suites drive real shells, daemons and terminals on machines that others share: in CI a test that failed is tried
 * once more before it counts, and the reporter says so. On a developer's machine a failure is a failure.
 */
const retry = process.env['CI'] === 'true' ? 1 : 0

/** Many tests wait for a shell, a daemon or a clock: more of them at once than there are cores, in files of their own. */
const maxWorkers = availableParallelism() + 1

/** Screens are drawn by Ink as it is bundled. */
const patchedInk = {
  name: 'patched-ink',
  load: (path: string) => {
    if (!/\/node_modules\/ink(?:-testing-library)?\/build\/.*\.js$/.test(path)) return undefined
    // What its source maps name is not part of the package.
    const text = readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')
    return INK_PATCHES.find(({ file }) => file.test(path))?.apply(text, path) ?? text
  },
}

export default defineConfig({
  test: {
    retry,
    maxWorkers,
    environment: 'node',
    reporters: ['default', new TestSummary()],
    projects: [
      {
        plugins: [patchedInk],
        oxc: { jsx: { runtime: 'automatic', development: false } },
        test: {
          name: 'unit',
          server: { deps: { inline: ['ink', 'ink-testing-library'] } },
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/e2e/**', 'test/sim/**', 'test/lab/**'],
          // Nothing is mocked and nothing global is changed for good: files of one worker share what they load.
          isolate: false,
          env: { ...COMPILE_CACHE, NODE_ENV: 'production' },
          // A machine that does ten things at once takes ten times as long; what hangs is found all the same.
          testTimeout: 120_000,
          // What is waited for comes at once; only a machine that is busy needs the rest of it.
          expect: { poll: { timeout: 20_000, interval: 10 } },
          retry,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          retry,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          testTimeout: 400_000,
          retry,
          fileParallelism: false,
        },
      },
      { test: { name: 'sim', include: ['test/sim/**/*.test.ts'], testTimeout: 1_200_000 } },
    ],
  },
})
