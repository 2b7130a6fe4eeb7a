import { describe, test } from 'vitest'

/** Like `describe`, but where something is missing it skips all of it and says why at the end of the run. */
export function describeUnless(missing: string | undefined): (name: string, body: () => void) => void {
  if (missing === undefined) return describe
  return (name) => describe(name, () => test('all of it', ({ skip }) => skip(missing)))
}

/** Like `test`, but where something is missing it is skipped and the run says why at its end. */
export function testUnless(
  missing: string | undefined,
): (name: string, body: () => Promise<void> | void) => void {
  if (missing === undefined) return test
  return (name) => test(name, ({ skip }) => skip(missing))
}
