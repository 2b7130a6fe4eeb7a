import { formatFsError } from '../../fs/fs-error.ts'
import type { ProgramContext } from '../../program.ts'

export type InputText = { readonly path: string; readonly text: string }

/** Reads the named files in order (`-` or none: standard input); complains of each that cannot be read. */
export async function readInputs(
  context: ProgramContext,
  paths: readonly string[],
): Promise<{ readonly inputs: readonly InputText[]; readonly failed: boolean }> {
  const inputs: InputText[] = []
  let failed = false
  for (const path of paths.length === 0 ? ['-'] : paths) {
    if (path === '-') {
      inputs.push({ path: '-', text: await context.stdin.readAll() })
      continue
    }
    const text = context.fs.readFile(path)
    if (text.ok) inputs.push({ path, text: text.value })
    else {
      failed = true
      context.writeError(`${context.name}: ${path}: ${formatFsError(text.code)}\n`)
    }
  }
  return { inputs, failed }
}

/** The lines of a text without their newlines; a last line without one counts. */
export function linesOf(text: string): string[] {
  if (text === '') return []
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}

/** Lines as text, each with its newline. */
export function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
