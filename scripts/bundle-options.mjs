// How the program, and every part of it that is measured or shown alone, is bundled.
import { screenPlugins } from './screen-plugins.mjs'

/** Options of esbuild; whoever bundles adds entries, directory, and further `plugins` before these. */
export const BUNDLE_OPTIONS = {
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
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname;",
  },
  plugins: screenPlugins,
  logLevel: 'warning',
}
