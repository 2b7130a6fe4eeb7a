import type { Plugin } from 'esbuild'

/** Plugins of every bundle that holds the full screen. */
export const screenPlugins: Plugin[]
