// What makes the full screen start fast: parts of its libraries are replaced while bundling.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { INK_PATCHES } from './ink-patches.mjs'

const FAST_WIDTH = fileURLToPath(new URL('./fast-string-width.mjs', import.meta.url))

/** Yoga decodes its own WebAssembly instead of fetching a data: URL, which would load Node's whole HTTP client. */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup(builder) {
    builder.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, ({ path }) => ({
      contents: `const fetch = undefined;\n${readFileSync(path, 'utf8')}`,
      loader: 'js',
    }))
  },
}

/** A test for narrow characters stands before string-width, which builds costly tables on the first box it measures. */
const fastStringWidth = {
  name: 'fast-string-width',
  setup(builder) {
    builder.onResolve(
      { filter: /^string-width$/ },
      async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (importer === FAST_WIDTH || pluginData === 'own') return undefined
        const real = await builder.resolve(path, { importer, resolveDir, kind, pluginData: 'own' })
        return { path: FAST_WIDTH, namespace: 'fast-width', pluginData: real.path, suffix: `?${real.path}` }
      },
    )
    builder.onLoad({ filter: /.*/, namespace: 'fast-width' }, ({ pluginData }) => ({
      contents: readFileSync(FAST_WIDTH, 'utf8').replaceAll("'string-width'", JSON.stringify(pluginData)),
      loader: 'js',
      resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    }))
  },
}

/** string-width makes its segmenter when it is loaded, which reads Unicode tables; here, when it first needs it. */
const lazySegmenter = {
  name: 'lazy-segmenter',
  setup(builder) {
    builder.onLoad({ filter: /node_modules\/(?:.*\/)?string-width\/index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        'const segmenter = new Intl.Segmenter();',
        'let own;\nconst segmenter = { segment: (text) => (own ??= new Intl.Segmenter()).segment(text) };',
      ),
      loader: 'js',
    }))
  },
}

/** Ink remembers the size of its 4,096 last texts; a screen has fewer rows than are kept here. */
const smallMeasureCache = {
  name: 'small-measure-cache',
  setup(builder) {
    builder.onLoad({ filter: /ink\/build\/(?:measure-text|wrap-text)\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(/maxSize: \d+/g, 'maxSize: 256'),
      loader: 'js',
    }))
  },
}

/** What Ink does to each row of each frame, without what this screen never needs. */
const patchedInk = {
  name: 'patched-ink',
  setup(builder) {
    for (const { file, apply } of INK_PATCHES)
      builder.onLoad({ filter: file }, ({ path }) => ({
        contents: apply(readFileSync(path, 'utf8'), path),
        loader: 'js',
      }))
  },
}

/** React's developer tools are not part of the program. */
const withoutDevtools = {
  name: 'without-devtools',
  setup(builder) {
    builder.onResolve({ filter: /^react-devtools-core$/ }, () => ({
      path: 'react-devtools-core',
      namespace: 'no-devtools',
    }))
    builder.onLoad({ filter: /.*/, namespace: 'no-devtools' }, () => ({
      contents: 'export default { initialize() {}, connectToDevTools() {} }',
      loader: 'js',
    }))
  },
}

/** Plugins of every bundle that holds the full screen. */
export const screenPlugins = [
  yogaWithoutFetch,
  fastStringWidth,
  lazySegmenter,
  smallMeasureCache,
  patchedInk,
  withoutDevtools,
]
