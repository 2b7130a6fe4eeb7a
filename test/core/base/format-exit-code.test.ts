import { expect, test } from 'vitest'
import { formatExitCode } from '../../../src/core/base/format-exit-code.ts'

test.each([
  [0, 'exit code 0'],
  [1, 'exit code 1'],
  [126, 'exit code 126 (not executable)'],
  [127, 'exit code 127 (command not found)'],
  [137, 'exit code 137 (killed by SIGKILL)'],
  [143, 'exit code 143 (ended by SIGTERM)'],
  [255, 'exit code 255'],
])('%i reads as "%s"', (code, words) => {
  expect(formatExitCode(code)).toBe(words)
})
