import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// A directory of the person's own: what stands in it is run. It halves the time until something is seen.
const cacheHome = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
// Not below `handrail`: that is the base of jobs on this machine, which has to be private.
enableCompileCache(join(cacheHome, 'handrail-compiled'))

// Loaded after the cache is on, or they would be compiled anew each time.
const [{ openProcessWorld }, { runCli }] = await Promise.all([
  import('./cli-world.ts'),
  import('./run-cli.ts'),
])

// A reader that went away (`| head`) is no error of ours; the run itself does not depend on it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
process.exitCode = await runCli(process.argv.slice(2), openProcessWorld())
