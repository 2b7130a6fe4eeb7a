import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import type { HostName } from '../../../src/core/base/ids.ts'
import { createHandOver } from '../../../src/tui/term/hand-over.ts'
import { RESET_MODES } from '../../../src/tui/term/sequences.ts'

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
    host: 'db1' as HostName,
    write: (bytes) => typed.push(Buffer.from(bytes).toString()),
    resize: (columns) => sizes.push(columns),
  })
  // It prints before the full screen has given way: nothing is drawn into that.
  attached.show(Buffer.from('Password: '))
  expect(stdout.shown).toBe('')
  await tick()
  await tick()
  expect(stdout.shown).toBe('-- handrail: db1 has your terminal until its command ends --\r\nPassword: ')
  expect(stdin.isRaw).toBe(true)
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
  expect(stdout.shown.endsWith(`Password: ok\n${RESET_MODES}`)).toBe(true)
  expect(stdin.isRaw).toBe(false)
  expect(steps).toEqual(['left', 'keys paused', 'keys resumed', 'back'])
})

test('Ctrl-] twice in a row takes the terminal back; once, or with something between, it is typed', async () => {
  const stdin = new Keyboard()
  const stdout = new Display()
  const typed: string[] = []
  let left = 0
  createHandOver({
    suspend: (use) => use(),
    pauseKeys: () => {},
    resumeKeys: () => {},
    stdin,
    stdout,
    term: 'xterm',
  }).attach({
    host: 'db1' as HostName,
    write: (bytes) => typed.push(Buffer.from(bytes).toString()),
    resize: () => {},
    leave: () => (left += 1),
  })
  expect(stdout.shown).toContain('Ctrl-] twice takes it back')
  for (const text of ['\u001d', 'x', '\u001d']) stdin.emit('data', Buffer.from(text))
  expect([typed, left]).toEqual([['\u001d', 'x', '\u001d'], 0])
  stdin.emit('data', Buffer.from('\u001d'))
  expect([typed.length, left]).toEqual([3, 1])
  stdin.emit('data', Buffer.from('\u001d\u001d'))
  expect(left).toBe(2)
})
