// Bundles one program that shows the full screen, as the real build does, and gives the path of its entry.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { BUNDLE_OPTIONS } from './bundle-options.mjs'

/** The directory is made inside `build`; whoever asks removes it. */
export async function bundleScreen(entry) {
  mkdirSync('build', { recursive: true })
  const directory = mkdtempSync(join('build', 'screen-'))
  await build({ ...BUNDLE_OPTIONS, entryPoints: [entry], outdir: directory })
  const main = join(directory, `${basename(entry).replace(/\.tsx?$/, '')}.mjs`)
  // What is loaded before the cache is on is compiled anew each time: the first file only turns it on.
  const start = join(directory, 'start.mjs')
  writeFileSync(
    start,
    `import { enableCompileCache } from 'node:module'\nenableCompileCache()\nawait import('./${basename(main)}')\n`,
  )
  return { directory, start }
}
