// Shows a screen from a recorded run in this terminal: `npm run play -- SCENARIO`; without one, lists them.
import { runTui } from '../src/tui/run-tui.tsx'
import { detectCapabilities } from '../src/tui/term/capabilities.ts'
import { SCENARIOS } from '../test/tui/support/scenarios.ts'

const [name = '', ...flags] = process.argv.slice(2)
const scenario = SCENARIOS[name]?.()
if (scenario === undefined) {
  process.stdout.write(`${Object.keys(SCENARIOS).join('\n')}\n`)
} else {
  const { keys, ...ports } = scenario
  const { stdin, stdout } = process
  // The keys that lead to the screen are typed as a person would, one after the other.
  const KEY_MS = 400
  for (const [index, key] of keys.entries())
    setTimeout(() => stdin.emit('data', Buffer.from(key)), KEY_MS * (index + 1))
  const exit = await runTui({
    ...ports,
    streams: { stdin, stdout },
    capabilities: detectCapabilities(process.env, flags.includes('--ascii') ? { ascii: true } : {}),
  })
  process.stdout.write(`${exit}\n`)
}
