import { revealCommand } from '../../core/base/reveal-command.ts'
import { formatFailure } from '../../core/run/failure-words.ts'
import { checkPlan } from '../../engine/check-plan.ts'
import { buildContext, renderWork } from '../../engine/context.ts'
import { planFileChange } from '../../engine/file/plan-file-change.ts'
import type { Looking } from '../run/open-looking.ts'
import { indent, say } from '../output/say.ts'
import type { PlanLine } from './format-work.ts'

/** What hosts say about a plan right now: lines for people by step and host, and the diff of each edit. */
export type LiveLook = {
  readonly notes: ReadonlyMap<string, readonly PlanLine[]>
  /** By step, host and action, joined by blanks. */
  readonly diffs: ReadonlyMap<string, string>
}

/** Evaluates the checks and computes the diffs on the hosts, reading only. */
export async function lookLive({ ports, signal }: Looking): Promise<LiveLook> {
  const notes = new Map<string, PlanLine[]>()
  const diffs = new Map<string, string>()
  const add = (key: string, line: PlanLine): void => {
    notes.set(key, [...(notes.get(key) ?? []), line])
  }
  await checkPlan(ports, signal, ({ step, host, answer, reason }) => {
    if (answer === 'not checked') return
    const tone = answer === 'satisfied' ? 'good' : 'warning'
    add(`${step} ${host}`, { text: say`now: ${answer}${reason === '' ? '' : `: ${reason}`}`, tone })
  })
  const context = buildContext(ports, signal)
  for (const step of ports.plan.steps) {
    if (step.skipped !== undefined || signal.aborted) continue
    for (const host of step.hosts)
      for (const action of renderWork(context, { step: step.id, host }).actions) {
        if (action.file === undefined) continue
        const key = `${step.id} ${host}`
        const change = await planFileChange(context, host, action)
        if (change.kind === 'failed')
          add(key, { text: say`${formatFailure(change.failure)}`, tone: 'warning' })
        if (change.kind !== 'change') continue
        diffs.set(`${key} ${action.index}`, change.diff)
        add(key, { text: indent(revealCommand(change.diff.replace(/\n$/, '')), 4), tone: 'plain' })
      }
  }
  return { notes, diffs }
}
