import { openProcessWorld } from './cli-world.ts'
import { runCli } from './run-cli.ts'

// A reader that went away (`| head`) is no error of ours; the run itself does not depend on it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
process.exitCode = await runCli(process.argv.slice(2), openProcessWorld())
