import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { createHandOver } from '../../../src/tui/term/hand-over.ts'

class Keyboard extends EventEmitter {
  isRaw = false
  readonly setRawMode = (isRaw: boolean): void => {
    this.isRaw = isRaw
  }
  readonly resume = (): void => {}
  readonly pause = (): void => {}
}

class Display extends EventEmitter {
  columns = 80
  rows = 24
  shown = ''
  readonly write = (bytes: Uint8Array | string): void => {
    this.shown += typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()
  }
}

const tick = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })

test('while it is handed over, keys and output pass through; then the screen has them back', async () => {
  const stdin = new Keyboard()
  const stdout = new Display()
  const steps: string[] = []
  const terminal = createHandOver({
    suspend: async (use) => {
      await tick()
      steps.push('left')
      await use()
      steps.push('back')
    },
    pauseKeys: () => steps.push('keys paused'),
    resumeKeys: () => steps.push('keys resumed'),
    stdin,
    stdout,
    term: 'xterm',
  })
  expect(terminal.size()).toEqual({ columns: 80, rows: 24, term: 'xterm' })
  const typed: string[] = []
  const sizes: number[] = []
  const attached = terminal.attach({
    write: (bytes) => typed.push(Buffer.from(bytes).toString()),
    resize: (columns) => sizes.push(columns),
  })
  // It prints before the full screen has given way: nothing is drawn into that.
  attached.show(Buffer.from('Password: '))
  expect(stdout.shown).toBe('')
  await tick()
  await tick()
  expect([stdout.shown, stdin.isRaw]).toEqual(['Password: ', true])
  stdin.emit('data', Buffer.from('\u0003x'))
  stdout.columns = 100
  stdout.emit('resize')
  attached.show(Buffer.from('ok\n'))
  attached.release()
  await tick()
  stdin.emit('data', Buffer.from('later'))
  attached.show(Buffer.from('too late'))
  expect(typed).toEqual(['\u0003x'])
  expect(sizes).toEqual([100])
  expect(stdout.shown).toBe('Password: ok\n')
  expect(stdin.isRaw).toBe(false)
  expect(steps).toEqual(['left', 'keys paused', 'keys resumed', 'back'])
})
