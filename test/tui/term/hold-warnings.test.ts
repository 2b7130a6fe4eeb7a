import { expect, onTestFinished, test } from 'vitest'
import { holdWarnings } from '../../../src/tui/term/hold-warnings.ts'

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })

test('a warning of Node is told once the screen is gone, and not before', async () => {
  const printed: string[] = []
  const print = ({ message }: Error): void => void printed.push(message)
  const others = process.listeners('warning')
  process.removeAllListeners('warning')
  process.on('warning', print)
  onTestFinished(() => {
    process.off('warning', print)
    for (const other of others) process.on('warning', other)
  })
  const release = holdWarnings()
  process.emitWarning('something piles up')
  await turn()
  expect(printed).toEqual([])
  release()
  expect(printed).toEqual(['something piles up'])
  process.emitWarning('later')
  await turn()
  expect(printed).toEqual(['something piles up', 'later'])
})
