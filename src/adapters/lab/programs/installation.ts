import { distributionFiles, versionOfJar } from '../cluster/default-conf/conf-files.ts'
import type { FsResult, LabFs, ProgramContext } from '../program.ts'

/** Programs that come with an installation are kept here under their own names, off the PATH. */
export const PROGRAM_STORE = '/usr/libexec/practice'

/** The programs in `bin` of a distribution. */
export const DISTRIBUTION_PROGRAMS = ['cassandra', 'nodetool', 'cqlsh'] as const

/** The installation to which the running program belongs: two directories above its file. */
export function findHome(context: Pick<ProgramContext, 'path' | 'env'>): string {
  const fromEnv = context.env.get('CASSANDRA_HOME')
  if (fromEnv !== undefined && fromEnv !== '') return fromEnv
  return context.path?.replace(/\/bin\/[^/]+$/, '') ?? ''
}

/** The version of what is installed in a directory, told by its jar. */
export function readInstalledVersion(fs: LabFs, home: string): string | undefined {
  const names = fs.list(`${home}/lib`)
  return names.ok ? versionOfJar(names.value) : undefined
}

/** Unpacks a distribution into a directory, as `tar` does with the archive. */
export function unpackDistribution(fs: LabFs, version: string, home: string): FsResult<void> {
  for (const [path, text] of distributionFiles(version)) {
    const directory = `${home}/${path.slice(0, path.lastIndexOf('/') + 1)}`.replace(/\/$/, '')
    const made = fs.mkdir(directory, { parents: true })
    if (!made.ok) return made
    const written = fs.writeFile(`${home}/${path}`, text)
    if (!written.ok) return written
  }
  const made = fs.mkdir(`${home}/bin`, { parents: true })
  if (!made.ok) return made
  for (const name of DISTRIBUTION_PROGRAMS) {
    const written = fs.writeProgram(`${home}/bin/${name}`, `${PROGRAM_STORE}/${name}`)
    if (!written.ok) return written
  }
  return { ok: true, value: undefined }
}

const ARCHIVE_MARK = 'practice archive of apache-cassandra '

/** The text that stands for a distribution's archive. */
export function archiveText(version: string): string {
  return `${ARCHIVE_MARK}${version}\n`
}

/** The version in an archive's text; undefined for any other text. */
export function parseArchive(text: string): string | undefined {
  return text.startsWith(ARCHIVE_MARK) ? text.slice(ARCHIVE_MARK.length).trim() : undefined
}
