import type { StepId } from '../base/ids.ts'
import type { LinkedRunbook } from './linked-runbook.ts'
import type { Runbook, Section } from './model.ts'

/**
 * Texts of the runbooks of `base` in which these steps stand as in `other`: replaced, put in where only `other` has
 * them, left out where it does not. By path; a runbook that stays as it is, is not among them. Everything outside of
 * the sections of these steps is that of `base`, so what comes out must be planned and looked at before it is used.
 */
export function mixRunbooks(
  base: LinkedRunbook,
  other: LinkedRunbook,
  steps: ReadonlySet<StepId>,
): ReadonlyMap<string, string> {
  const mixed = new Map<string, string>()
  for (const [path, runbook] of base.runbooks) {
    const second = other.runbooks.get(path)
    const taken = new Set(
      [...base.steps, ...other.steps].flatMap(({ step, runbook: { path: own }, localId }) =>
        own === path && steps.has(step.id) ? [localId] : [],
      ),
    )
    if (second !== undefined && taken.size > 0) mixed.set(path, mixTexts(runbook, second, taken))
  }
  return mixed
}

/** A section: its own lines, and what stands below it. A step is one piece. */
type Piece = { readonly id: StepId | undefined; readonly lines: readonly string[]; children: Piece[] }

function mixTexts(base: Runbook, other: Runbook, taken: ReadonlySet<StepId>): string {
  const [root, second] = [cut(base), cut(other)]
  const wanted = new Map(listPieces(second).map((piece) => [piece.id, piece]))
  root.children = replace(root.children, { taken, wanted })
  const there = new Set(listPieces(root).map(({ id }) => id))
  insert(root, second, new Set([...taken].filter((id) => !there.has(id))))
  return `${writeLines(root).join('\n').replace(/\n+$/, '')}\n`
}

function cut({ text, sections }: Runbook): Piece {
  const lines = text.split('\n')
  const cutSections = (some: readonly Section[], end: number): Piece[] =>
    some.map((section, index) => {
      const next = some[index + 1]
      const to = next === undefined ? end : startOf(next)
      const children = section.kind === 'step' ? [] : section.children
      const [first] = children
      return {
        id: section.id,
        lines: lines.slice(startOf(section), first === undefined ? to : startOf(first)),
        children: cutSections(children, to),
      }
    })
  const [first] = sections
  return {
    id: undefined,
    lines: lines.slice(0, first === undefined ? lines.length : startOf(first)),
    children: cutSections(sections, lines.length),
  }
}

/** Index of its first line. */
function startOf({ span }: Section): number {
  return span.start.line - 1
}

function listPieces(piece: Piece): readonly Piece[] {
  return piece.children.flatMap((child) => [child, ...listPieces(child)])
}

type Other = {
  readonly taken: ReadonlySet<StepId>
  readonly wanted: ReadonlyMap<StepId | undefined, Piece>
}

/** A phase that loses its last step goes with it: it would be a heading over nothing. */
function replace(pieces: readonly Piece[], other: Other): Piece[] {
  return pieces.flatMap((piece) => {
    if (piece.id !== undefined && other.taken.has(piece.id)) return other.wanted.get(piece.id) ?? []
    const children = replace(piece.children, other)
    const isEmptied = piece.children.length > 0 && children.length === 0
    return isEmptied ? [] : [{ ...piece, children }]
  })
}

/** Puts the missing steps behind those that they follow in `from`; a phase that is missing comes along. */
function insert(into: Piece, from: Piece, missing: ReadonlySet<StepId>): void {
  let after = -1
  for (const piece of from.children) {
    const at = piece.id === undefined ? -1 : into.children.findIndex(({ id }) => id === piece.id)
    if (at >= 0) {
      after = at
      insert(into.children[at]!, piece, missing)
    } else if ([piece, ...listPieces(piece)].some((each) => isAmong(each, missing))) {
      const isStep = isAmong(piece, missing)
      const added = isStep ? piece : { ...piece, children: [] }
      after += 1
      into.children.splice(after, 0, added)
      if (!isStep) insert(added, piece, missing)
    }
  }
}

function isAmong({ id }: Piece, steps: ReadonlySet<StepId>): boolean {
  return id !== undefined && steps.has(id)
}

/** Sections are set off by an empty line, wherever they came from. */
function writeLines(piece: Piece, lines: string[] = []): string[] {
  if (lines.length > 0 && lines.at(-1) !== '') lines.push('')
  lines.push(...piece.lines)
  for (const child of piece.children) writeLines(child, lines)
  return lines
}
