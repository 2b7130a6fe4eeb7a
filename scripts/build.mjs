// Bundles the program into one ESM file, dist/handrail.mjs, with lazily loaded chunks beside it.
import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { BUNDLE_OPTIONS } from './bundle-options.mjs'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const quiet = process.argv.includes('--quiet')

/** ssh2's optional native parts are not wanted: the bundle never looks for them. */
const noNativeParts = {
  name: 'no-native-parts',
  setup(builder) {
    builder.onResolve({ filter: /\.node$|^cpu-features$|^nan$/ }, ({ path }) => ({
      path,
      namespace: 'absent',
    }))
    builder.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(path + ' is not part of the bundle')})`,
      loader: 'js',
    }))
  },
}

// A program that was started from the last build may still load its parts: they are replaced one by one, and those of
// older builds go only after a day.
const KEPT_MS = 24 * 3600 * 1000
const fresh = `dist/.new-${process.pid}`
const result = await build({
  ...BUNDLE_OPTIONS,
  entryPoints: { handrail: 'src/cli/main.ts' },
  outdir: fresh,
  sourcemap: false,
  legalComments: 'linked',
  define: { ...BUNDLE_OPTIONS.define, HANDRAIL_VERSION: JSON.stringify(version) },
  plugins: [noNativeParts, ...BUNDLE_OPTIONS.plugins],
  metafile: true,
})
const made = readdirSync(fresh)
// The entry comes last: it names parts that are in place by then.
for (const name of made.toSorted(
  (left, right) => Number(left === 'handrail.mjs') - Number(right === 'handrail.mjs'),
)) {
  renameSync(join(fresh, name), join('dist', name))
}
rmSync(fresh, { recursive: true, force: true })
for (const name of readdirSync('dist')) {
  const isOld = !made.includes(name) && Date.now() - statSync(join('dist', name)).mtimeMs > KEPT_MS
  if (isOld) rmSync(join('dist', name), { recursive: true, force: true })
}
if (!quiet) {
  const sizes = Object.entries(result.metafile.outputs).map(
    ([file, { bytes }]) => `${file.replace(`${fresh}/`, '')} ${(bytes / 1024).toFixed(0)} KiB`,
  )
  console.log(sizes.join('\n'))
}
