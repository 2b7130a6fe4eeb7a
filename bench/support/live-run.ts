import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openBenchDesk } from './bench-desk.ts'
import { PtyProgram } from './pty-program.ts'

/** Stands on the screen only where the details of the run are shown. */
export const LIVE_INVENTORY = 'the-only-inventory.yaml'

/** A run that is under way and prints, on a screen of its own. */
export type LiveRun = {
  readonly program: PtyProgram
  /** Leaves the screen as a person does. */
  readonly leave: () => Promise<void>
  /** Ends the runner, and removes what the run left. */
  readonly remove: () => void
}

/** Lines of some 100 characters, in step with the clock; it ends by itself. */
const PRINTER = `
const wanted = Number(process.argv[2]), endMs = Number(process.argv[3]) * 1000, beganMs = Date.now()
let printed = 0
const timer = setInterval(() => {
  const due = Math.floor(((Date.now() - beganMs) * wanted) / 1000)
  let text = ''
  for (; printed < due; printed += 1)
    text += '2026-03-14 03:11:04 unpacking part ' + printed + ' of the archive into /usr/share/cassandra/lib/part-' + printed + '.jar\\n'
  if (text !== '') process.stdout.write(text)
  if (Date.now() - beganMs > endMs) clearInterval(timer)
}, 10)
`

/** Starts `handrail run` of a command on this machine that prints so much; resolves once its output is seen. */
export async function startLiveRun({
  linesPerSecond,
  seconds,
}: {
  readonly linesPerSecond: number
  readonly seconds: number
}): Promise<LiveRun> {
  const desk = openBenchDesk('hr-live-')
  const write = (name: string, text: string): void => writeFileSync(join(desk.folder, name), text)
  write('print.mjs', PRINTER)
  write(LIVE_INVENTORY, 'handrail: 1\nname: desk\nhosts: []\n')
  const command = `${process.execPath} ${join(desk.folder, 'print.mjs')} ${linesPerSecond} ${seconds}`
  const step = `## Print\n<!-- handrail on=local -->\n\n\`\`\`sh run repeat=safe timeout=1h\n${command}\n\`\`\`\n`
  write('print.md', `---\nhandrail: 1\ntitle: Print\n---\n\n# Print\n\n${step}`)
  const args = ['run', 'print.md', '-i', LIVE_INVENTORY, '--approve', 'change']
  const program = new PtyProgram(resolve('bin/handrail'), args, desk)
  // Of a row that changes only its end is written.
  await program.untilWritten(linesPerSecond === 0 ? 'output yet' : 'unpacking', 0)
  return {
    program,
    leave: async () => {
      program.write('q')
      await program.until(({ exit }) => exit !== undefined, 'its end')
    },
    remove: desk.remove,
  }
}
