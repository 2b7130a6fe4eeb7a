import type { JavaInfo } from '../cluster/cluster-state.ts'
import { parseJavaProperties } from '../cluster/rackdc.ts'
import type { LabFs } from '../program.ts'

/** Where a Java without JAVA_HOME is looked for. */
export const DEFAULT_JAVA_HOME = '/usr/lib/jvm/default'

/** The Java that a program would use: JAVA_HOME, else the machine's own; undefined where there is none. */
export function findJava(context: {
  readonly env: ReadonlyMap<string, string>
  readonly fs: LabFs
}): JavaInfo | undefined {
  return readJavaRelease(context.fs, context.env.get('JAVA_HOME') ?? DEFAULT_JAVA_HOME)
}

/** Version and vendor from the `release` file of a Java; undefined where it or its binary is missing. */
export function readJavaRelease(fs: LabFs, home: string): JavaInfo | undefined {
  const read = fs.readFile(`${home}/release`)
  if (!read.ok || !fs.exists(`${home}/bin/java`)) return undefined
  const values = parseJavaProperties(read.value)
  const version = values.get('JAVA_VERSION')?.replaceAll('"', '')
  if (version === undefined) return undefined
  return { version, vendor: values.get('IMPLEMENTOR')?.replaceAll('"', '') ?? '' }
}
