import { resolve } from 'node:path'
import { parse } from 'yaml'
import { readTextFile } from '../../adapters/files/read-text-file.ts'
import { UsageError } from '../../core/base/errors.ts'
import type { CliContext } from '../cli-context.ts'

/** Parameters from `--param-file` and `-p`; what stands on the command line wins. */
export async function readGivenParams({
  input,
  world,
}: Pick<CliContext, 'input' | 'world'>): Promise<{ readonly [name: string]: unknown }> {
  const file = input.text('paramFile')
  const given = new Map(Object.entries(file === undefined ? {} : await readParamFile(file, world.cwd)))
  for (const text of input.list('param')) {
    const equals = text.indexOf('=')
    if (equals <= 0) throw new UsageError('-p takes NAME=VALUE', ['-p version=2.2.8'])
    given.set(text.slice(0, equals), text.slice(equals + 1))
  }
  return Object.fromEntries(given)
}

async function readParamFile(file: string, cwd: string): Promise<Record<string, unknown>> {
  const text = await readTextFile(resolve(cwd, file))
  if (!text.ok)
    throw new UsageError(`cannot read the parameters in ${file}: ${text.reason}`, ['--param-file FILE'])
  let data: unknown
  try {
    data = parse(text.text, { intAsBigInt: true, maxAliasCount: 10 })
  } catch {
    // The parser's own message may quote a value.
    throw new UsageError(`${file} is not valid YAML`, ['write lines like: version: 2.2.8'])
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new UsageError(`${file} is no map of parameters`, ['write lines like: version: 2.2.8'])
  return data as Record<string, unknown>
}
