// Bundles one program that shows the full screen, as the real build does, and gives the path of its entry.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { screenPlugins } from './screen-plugins.mjs'

/** The directory is made inside `build`; whoever asks removes it. */
export async function bundleScreen(entry) {
  mkdirSync('build', { recursive: true })
  const directory = mkdtempSync(join('build', 'screen-'))
  await build({
    entryPoints: [entry],
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    target: 'node22.13',
    minifySyntax: true,
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    plugins: screenPlugins,
    logLevel: 'warning',
  })
  const main = join(directory, `${basename(entry).replace(/\.tsx?$/, '')}.mjs`)
  // What is loaded before the cache is on is compiled anew each time: the first file only turns it on.
  const start = join(directory, 'start.mjs')
  writeFileSync(
    start,
    `import { enableCompileCache } from 'node:module'\nenableCompileCache()\nawait import('./${basename(main)}')\n`,
  )
  return { directory, start }
}
