// What makes the full screen start fast: parts of its libraries are replaced while bundling.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

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

const OWN_CACHES = 'caches = new OutputCaches();'
const SHARED_CACHES = `
const shared = new OutputCaches();
let older = new Map();
const takeApart = shared.getStyledChars;
shared.getStyledChars = function (line) {
  const known = this.styledChars.get(line) ?? older.get(line);
  if (known === undefined) return takeApart.call(this, line);
  this.styledChars.set(line, known);
  return known;
};
function beginFrame() {
  if (shared.styledChars.size > 300) {
    older = shared.styledChars;
    shared.styledChars = new Map();
  }
  if (shared.widths.size > 4000) shared.widths.clear();
  if (shared.blockWidths.size > 300) shared.blockWidths.clear();
  return shared;
}
`

/** Ink takes every row of every frame apart anew; most rows are those of the frame before. */
const rowsAcrossFrames = {
  name: 'rows-across-frames',
  setup(builder) {
    builder.onLoad({ filter: /ink\/build\/output\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes(OWN_CACHES))
        throw new Error(`${path} is not the one that is known: it keeps no caches`)
      return { contents: text.replace(OWN_CACHES, 'caches = beginFrame();') + SHARED_CACHES, loader: 'js' }
    })
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
  rowsAcrossFrames,
  withoutDevtools,
]
