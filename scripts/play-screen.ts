// Shows a screen from a recorded run in this terminal: `npm run play -- SCENARIO`; without one, lists them.
import { runTui } from '../src/tui/run-tui.ts'
import { detectCapabilities } from '../src/tui/term/capabilities.ts'
import { FakeClient } from '../test/tui/support/fake-client.ts'
import { SCENARIOS } from '../test/tui/support/scenarios.ts'

/** `--load N`: so many lines a second from a host, for measuring. */
const LOAD_PERIOD_MS = 10

const [name = '', ...flags] = process.argv.slice(2)
const scenario = SCENARIOS[name]?.()
if (scenario === undefined) {
  process.stdout.write(`${Object.keys(SCENARIOS).join('\n')}\n`)
} else {
  const { keys, ...ports } = scenario
  const { stdin, stdout } = process
  // The keys that lead to the screen are typed as a person would, one after the other.
  const KEY_MS = 400
  const isTyping = !flags.includes('--no-keys')
  for (const [index, key] of isTyping ? keys.entries() : [])
    setTimeout(() => stdin.emit('data', Buffer.from(key)), KEY_MS * (index + 1)).unref()
  const load = flags.indexOf('--load')
  if (load >= 0 && ports.client instanceof FakeClient) printLines(ports.client, Number(flags[load + 1]))
  const exit = await runTui({
    ...ports,
    streams: { stdin, stdout },
    capabilities: detectCapabilities(process.env, flags.includes('--ascii') ? { ascii: true } : {}),
  })
  process.stdout.write(`${exit}\n`)
  process.exit()
}

/** A host that prints steadily, some 100 characters a line. */
function printLines(client: FakeClient, linesPerSecond: number): void {
  let printed = 0
  const beganMs = performance.now()
  setInterval(() => {
    const due = Math.floor(((performance.now() - beganMs) * linesPerSecond) / 1000)
    let text = ''
    for (; printed < due; printed += 1)
      text += `2026-03-14 03:11:04 unpacking part ${printed} of the archive into /usr/share/cassandra/lib/part-${printed}.jar\n`
    if (text !== '') client.print(text)
  }, LOAD_PERIOD_MS).unref()
}
