// Bundles the program into one ESM file, dist/handrail.mjs, with lazily loaded chunks beside it.
import { readFileSync, rmSync } from 'node:fs'
import { build } from 'esbuild'
import { screenPlugins } from './screen-plugins.mjs'

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

rmSync('dist', { recursive: true, force: true })
const result = await build({
  entryPoints: { handrail: 'src/cli/main.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  jsx: 'automatic',
  target: 'node22.13',
  minifySyntax: true,
  sourcemap: false,
  legalComments: 'linked',
  define: {
    'process.env.NODE_ENV': '"production"',
    'process.env.DEV': '"false"',
    HANDRAIL_VERSION: JSON.stringify(version),
  },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname;",
  },
  plugins: [noNativeParts, ...screenPlugins],
  metafile: true,
  logLevel: 'warning',
})
if (!quiet) {
  const sizes = Object.entries(result.metafile.outputs).map(
    ([file, { bytes }]) => `${file} ${(bytes / 1024).toFixed(0)} KiB`,
  )
  console.log(sizes.join('\n'))
}
