import { resolve } from 'node:path'

/**
 * The environment of a process that runs from the sources, in a test with a home of its own: without it every such
 * process compiles all of them anew, which is most of what it does.
 */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: resolve('build/compile-cache') }
