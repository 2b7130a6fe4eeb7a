import { formatDuration } from '../../core/base/duration.ts'
import { revealCommand } from '../../core/base/reveal-command.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import { displayRendered } from '../../core/expr/rendered-text.ts'
import type { Rendered } from '../../core/expr/value.ts'
import type { ActionWork, HostStepWork, ProbeWork } from '../../core/plan/model.ts'
import type { Tone } from '../output/output.ts'
import { indent, say } from '../output/say.ts'

/** A line of a plan, and how it is set off. */
export type PlanLine = { readonly text: SafeText; readonly tone: Tone }

/** What runs on one host, in order, with the exact bytes; hidden characters are shown by number. */
export function formatWork(work: HostStepWork): readonly PlanLine[] {
  const lines: PlanLine[] = []
  if (work.problem !== undefined) lines.push({ text: say`problem: ${work.problem}`, tone: 'bad' })
  if (work.skipped !== undefined) lines.push({ text: say`not needed: ${work.skipped}`, tone: 'quiet' })
  for (const { path, content, mode } of work.fixtures) {
    lines.push({ text: say`temporary file ${displayRendered(path)} (${mode})`, tone: 'quiet' })
    lines.push(body(content))
  }
  for (const probe of work.checks) lines.push(...formatProbe(probe))
  for (const probe of work.requires) lines.push(...formatProbe(probe))
  for (const action of work.actions) lines.push(...formatAction(action))
  for (const probe of work.verifies) lines.push(...formatProbe(probe))
  for (const action of work.undos) lines.push(...formatAction(action))
  return lines
}

function formatAction(action: ActionWork): readonly PlanLine[] {
  const { fence, file, command, http } = action
  const where = file === undefined ? '' : ` ${file.path}`
  const mode = [file?.mode, file?.owner, file?.group].filter((each) => each !== undefined).join(' ')
  const how = [formatHow(command), action.interactive ? 'interactive' : '']
  const words = [`${fence.verb} ${fence.language}${where}${mode === '' ? '' : ` (${mode})`}`, ...how]
    .filter((each) => each !== '')
    .join(', ')
  return [{ text: say`${words}`, tone: 'strong' }, body(http?.request ?? command.body)]
}

function formatProbe(probe: ProbeWork): readonly PlanLine[] {
  const { verb, fence, command, http, probers, forMs, everyMs, passes, warn, capture } = probe
  const isElsewhere = fence.options.from !== undefined
  const words = [
    `${verb} ${fence.language}`,
    formatHow(command),
    isElsewhere ? `asked from ${probers.length === 0 ? 'nobody' : probers.join(', ')}` : '',
    forMs > 0 ? `every ${formatDuration(everyMs)} for ${formatDuration(forMs)}` : '',
    passes > 1 ? `${passes} times in a row` : '',
    warn ? 'warns only' : '',
    capture === undefined ? '' : `captured as ${capture}`,
  ].filter((each) => each !== '')
  const expected = probe.expectations.flatMap(({ match, stream, wanted }) => [
    { text: say`  expects on ${stream} (${match}):`, tone: 'quiet' as const },
    body(wanted),
  ])
  return [{ text: say`${words.join(', ')}`, tone: 'plain' }, body(http?.request ?? command.body), ...expected]
}

function formatHow({ interpreter, as, cwd }: ActionWork['command']): string {
  const parts = [
    as === undefined ? '' : `as ${as}`,
    cwd === undefined ? '' : `in ${cwd}`,
    interpreter === undefined ? '' : `read by ${displayRendered(interpreter)}`,
  ]
  return parts.filter((each) => each !== '').join(', ')
}

function body(rendered: Rendered): PlanLine {
  const text = revealCommand(displayRendered(rendered).replace(/\n$/, ''))
  return { text: indent(text, 4), tone: 'plain' }
}
