import { formatDuration } from '../../core/base/duration.ts'
import type { Diagnostic } from '../../core/base/diagnostic.ts'
import type { HostName } from '../../core/base/ids.ts'
import type { Plan, PlanStep } from '../../core/plan/model.ts'
import { renderHostStep } from '../../core/plan/render-host-step.ts'
import type { Output } from '../output/output.ts'
import { printDiagnostics } from '../output/print-diagnostics.ts'
import { indent, say } from '../output/say.ts'
import { formatWork, type PlanLine } from './format-work.ts'

/** What is known of a host-step before the run, beyond the plan (`plan --live`). */
export type LiveNotes = (step: string, host: string) => readonly PlanLine[]

/** Prints what would run where, in order; hosts on which the very same bytes run are named together. */
export function printPlan(
  plan: Plan,
  output: Output,
  { diagnostics, live }: { readonly diagnostics: readonly Diagnostic[]; readonly live?: LiveNotes },
): void {
  const { runbook, inventory } = plan
  output.tell(say`${runbook.title}`, 'strong')
  output.tell(
    say`${runbook.path} on ${inventory.name} (${inventory.environment.name}, ${inventory.environment.level})`,
  )
  output.tell(say`plan ${plan.digest.slice(0, 12)}`, 'quiet')
  printDiagnostics(diagnostics, output)
  let phase = ''
  for (const step of plan.steps) {
    const here = step.phaseTitles.join(' / ')
    if (here !== phase && here !== '') {
      output.tell(say``)
      output.tell(say`${here}`, 'strong')
    }
    phase = here
    printStep(plan, step, { output, live })
  }
}

function printStep(
  plan: Plan,
  step: PlanStep,
  { output, live }: { readonly output: Output; readonly live: LiveNotes | undefined },
): void {
  output.tell(say``)
  output.tell(say`${step.index + 1}. ${step.title}  [${step.id}]`, 'strong')
  if (step.skipped !== undefined) {
    const word = step.skipped.kind === 'no-host' ? 'no host' : 'not needed'
    output.tell(say`   ${word}: ${step.skipped.detail}`, 'quiet')
    return
  }
  output.tell(say`   ${describeStep(step)}`, isGrave(step) ? 'warning' : 'quiet')
  for (const { hosts, lines } of groupHosts(plan, step, live)) {
    output.tell(say`   on ${hosts.join(', ')}:`, 'quiet')
    for (const { text, tone } of lines) output.tell(indent(text, 5), tone)
  }
  for (const item of step.manual)
    output.tell(say`   by hand ${item.number}${step.eachHost ? ' (on each host)' : ''}: ${item.text}`)
}

function isGrave({ danger }: PlanStep): boolean {
  return danger === 'disruptive' || danger === 'irreversible'
}

function describeStep(step: PlanStep): string {
  const { danger, hosts, order, by, batch, confirmWord, takes, window } = step
  const count = `${hosts.length} host${hosts.length === 1 ? '' : 's'}`
  const parts = [
    danger,
    step.pickAny ? `the first healthy one of ${count}` : count,
    hosts.length > 1 ? order.replaceAll('-', ' ') : '',
    by === undefined ? '' : `by ${by}`,
    batch === undefined ? '' : `${batch} at a time`,
    confirmWord === undefined
      ? ''
      : `asks for the word ${confirmWord}${step.confirmEach ? ' on each host' : ''}`,
    takes === undefined ? '' : `takes ${formatDuration(takes.fromMs)} to ${formatDuration(takes.toMs)}`,
    window === undefined ? '' : `window ${window.source}`,
    step.noUndoReason === undefined ? '' : `no way back: ${step.noUndoReason}`,
  ]
  return parts.filter((each) => each !== '').join(' · ')
}

type Group = { readonly hosts: HostName[]; readonly lines: readonly PlanLine[] }

function groupHosts(plan: Plan, step: PlanStep, live: LiveNotes | undefined): readonly Group[] {
  const groups = new Map<string, Group>()
  for (const host of step.hosts) {
    const lines = [
      ...formatWork(renderHostStep(plan, { step: step.id, host })),
      ...(live?.(step.id, host) ?? []),
    ]
    if (lines.length === 0) continue
    const key = lines.map(({ text }) => text).join('\n')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { hosts: [host], lines })
    else group.hosts.push(host)
  }
  return [...groups.values()]
}
