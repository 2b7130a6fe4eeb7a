import { realpath } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import type { Diagnostic, Position } from '../../core/base/diagnostic.ts'
import { UsageError } from '../../core/base/errors.ts'
import { diagnosticAt } from '../../core/base/place.ts'
import { linkRunbook } from '../../core/runbook/link.ts'
import type { LinkedRunbook } from '../../core/runbook/linked-runbook.ts'
import type { Runbook, RunbookReference } from '../../core/runbook/model.ts'
import { parseRunbook } from '../../core/runbook/parse-runbook.ts'
import { resolveRunbookPath } from '../../core/runbook/resolve-runbook-path.ts'
import { listPhases, listSteps } from '../../core/runbook/walk-runbook.ts'
import type { TextSource } from './read-text-file.ts'
import { readSource } from './read-text-file.ts'

/** Most files of one runbook: a set beyond this is a mistake or an attack on memory. */
const MAX_FILES = 200

/** A runbook with all that it refers to, and the exact texts that a run keeps. */
export type LoadedRunbook = {
  readonly linked: LinkedRunbook
  readonly files: readonly { readonly path: string; readonly text: string }[]
}

/** What loading found; `value` is absent where the file itself is no text. */
export type LoadedRunbookResult = {
  readonly value: LoadedRunbook | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads a runbook and the runbooks that it calls from disk, parses and links them. Called ones must stand in the
 * folder of the root or below it, symbolic links resolved. A root that cannot be opened is a {@link UsageError}.
 */
export async function loadRunbook(path: string, source: TextSource): Promise<LoadedRunbookResult> {
  const text = await readSource(source, path)
  if (!text.ok && text.missing)
    throw new UsageError(`cannot read ${path}: ${text.reason}`, ['handrail lint FILE'])
  if (!text.ok)
    return {
      value: undefined,
      diagnostics: [diagnosticAt(path, START, { code: text.code, message: text.reason })],
    }
  const root = parseRunbook(text.text, path, source.hash(text.text))
  const load: Load = {
    source,
    folder: source.snapshot === undefined ? await realpath(dirname(resolve(source.cwd, path))) : '',
    runbooks: new Map([[path, root.value]]),
    tried: new Set([path]),
    files: [{ path, text: text.text }],
    diagnostics: [...root.diagnostics],
  }
  await loadCalled(root.value, load)
  const linked = linkRunbook(root.value, (called) => load.runbooks.get(called))
  const unexplained = linked.diagnostics.filter((each) => !isExplained(each, load.diagnostics))
  return {
    value: { linked: linked.value, files: load.files },
    diagnostics: [...load.diagnostics, ...unexplained],
  }
}

const START: Position = { line: 1, column: 1, offset: 0 }

type Load = {
  readonly source: TextSource
  /** Real path of the root's folder; unused with a snapshot. */
  readonly folder: string
  readonly runbooks: Map<string, Runbook>
  readonly tried: Set<string>
  readonly files: { path: string; text: string }[]
  readonly diagnostics: Diagnostic[]
}

/** The linker can only say that a file is missing; where reading it said why, that is enough. */
function isExplained(found: Diagnostic, known: readonly Diagnostic[]): boolean {
  return known.some(
    (each) => each.code.startsWith('HR901') && each.file === found.file && each.line === found.line,
  )
}

async function loadCalled(runbook: Runbook, load: Load): Promise<void> {
  const references = [...listPhases(runbook), ...listSteps(runbook)].flatMap((each) => each.runbook ?? [])
  for (const reference of references) {
    const path = resolveRunbookPath(runbook.path, reference.path)
    if (load.tried.has(path) || load.tried.size >= MAX_FILES) continue
    load.tried.add(path)
    const called = await readCalled(path, { runbook, reference }, load)
    if (called !== undefined) await loadCalled(called, load)
  }
}

async function readCalled(
  path: string,
  { runbook, reference }: { runbook: Runbook; reference: RunbookReference },
  load: Load,
): Promise<Runbook | undefined> {
  const complain = (code: string, message: string): undefined => {
    load.diagnostics.push(diagnosticAt(runbook.path, reference.span.start, { code, message }))
  }
  if (reference.path.startsWith('/') || !(await isInside(path, load)))
    return complain('HR9014', `\`${reference.path}\` leads out of the runbook's folder`)
  const text = await readSource(load.source, path)
  if (!text.ok) return complain(text.code, `cannot read \`${reference.path}\`: ${text.reason}`)
  const parsed = parseRunbook(text.text, path, load.source.hash(text.text))
  load.diagnostics.push(...parsed.diagnostics)
  load.runbooks.set(path, parsed.value)
  load.files.push({ path, text: text.text })
  return parsed.value
}

/** Symbolic links are resolved before it is judged where a file stands. */
async function isInside(path: string, { source, folder }: Load): Promise<boolean> {
  if (source.snapshot !== undefined) return true
  const wanted = resolve(source.cwd, path)
  const real = await realpath(wanted).catch(() => wanted)
  return real.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}
