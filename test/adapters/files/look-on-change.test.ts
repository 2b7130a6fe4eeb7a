import { expect, onTestFinished, test, vi } from 'vitest'
import { lookOnChange } from '../../../src/adapters/files/look-on-change.ts'

test('a look that fails is no end of looking', async () => {
  let looks = 0
  onTestFinished(
    lookOnChange({
      look: () => {
        looks += 1
        return looks < 3 ? Promise.reject(new Error('no file can be opened')) : Promise.resolve([])
      },
      settleMs: 1,
      tickMs: 1,
    }),
  )
  // Nothing else keeps this process waiting for it.
  await vi.waitFor(() => expect(looks).toBeGreaterThanOrEqual(3), { timeout: 5000, interval: 5 })
})
