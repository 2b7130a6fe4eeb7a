// Bundles and shows one screen from a recorded run: `npm run play -- SCENARIO [--ascii]`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { screenPlugins } from './screen-plugins.mjs'

// Inside the project, so that nothing but the bundle is needed and packages are found.
const directory = mkdtempSync(join('build', 'play-'))
try {
  await build({
    entryPoints: ['scripts/play-screen.tsx'],
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    target: 'node22.13',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    plugins: screenPlugins,
    logLevel: 'warning',
  })
  const { status } = spawnSync(
    process.execPath,
    [join(directory, 'play-screen.mjs'), ...process.argv.slice(2)],
    { stdio: 'inherit' },
  )
  process.exitCode = status ?? 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}
