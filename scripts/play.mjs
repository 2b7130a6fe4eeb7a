// Bundles and shows one screen from a recorded run: `npm run play -- SCENARIO [--ascii]`.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { bundleScreen } from './bundle-screen.mjs'

const { directory, start } = await bundleScreen('scripts/play-screen.ts')
try {
  const { status } = spawnSync(process.execPath, [start, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exitCode = status ?? 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}
