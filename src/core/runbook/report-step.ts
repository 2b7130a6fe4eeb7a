import type { Position } from '../base/diagnostic.ts'
import type { HandrailComment } from './handrail-comment.ts'
import type { MarksContext } from './marks.ts'
import type { Fence, Step } from './model.ts'
import type { OptionName, OptionValues } from './option-table.ts'

export type StepReport = {
  /** Written on the step itself. */
  readonly own: OptionValues
  readonly comment: HandrailComment | undefined
  readonly context: MarksContext
}

/** Reports what does not go together in a step. */
export function reportStep(step: Step, { own, comment, context }: StepReport): void {
  const { findings, source } = context
  const at = (name: OptionName): Position => {
    const word = comment?.words.find((word) => word.name === name)
    return word === undefined ? step.span.start : source.positionAt(word.at)
  }
  if (own.danger === 'irreversible' && own.confirm === undefined)
    findings.add('HR6201', at('danger'), {
      message: `the irreversible step "${step.title}" has no word to type`,
      hint: 'add confirm=WORD',
    })
  if (step.options.on === undefined && step.fences.some(isTouching))
    findings.add('HR6202', step.span.start, {
      message: `"${step.title}" does not say where it runs`,
      hint: 'add `<!-- handrail on=SELECTOR -->` under its heading, or on a phase or the title',
    })
  if ((own.undo === 'none') !== (own.reason !== undefined))
    findings.add('HR6204', at(own.undo === 'none' ? 'undo' : 'reason'), {
      message: own.undo === 'none' ? '`undo=none` gives no reason' : '`reason` stands without `undo=none`',
      hint: 'write undo=none reason="…"',
    })
  if (own.undo === 'none' && step.fences.some((fence) => fence.verb === 'undo'))
    findings.add('HR6211', at('undo'), {
      message: '`undo=none` stands beside an undo',
      hint: 'remove one of the two',
    })
  for (const [name, missing] of findIdleOptions(step, own))
    findings.add('HR6206', at(name), { message: `\`${name}\` has no effect`, hint: `it needs ${missing}` })
  reportFences(step, context)
}

/** Whether a probe is looked at again and again while a person works through the step's checklist: `every` is its pace. */
function isReadBack({ verb }: Fence, { manual, fences }: Step): boolean {
  if (manual.length === 0) return false
  const hasAction = fences.some((fence) => ['run', 'edit', 'file'].includes(fence.verb))
  return verb === 'check' || verb === 'verify' || (verb === 'require' && !hasAction)
}

/** Whether a fence needs a host: all do, but conditions and requests of the operator's machine. */
function isTouching(fence: Fence): boolean {
  return fence.language !== 'cel' && fence.options.on !== 'local'
}

function findIdleOptions(step: Step, own: OptionValues): readonly (readonly [OptionName, string])[] {
  const idle: [OptionName, string][] = []
  if (own['each-host'] === true && step.manual.length === 0) idle.push(['each-host', 'a checklist `- [ ]`'])
  if (own.confirm !== undefined && step.danger !== 'irreversible')
    idle.push(['confirm', '`danger=irreversible`'])
  return idle
}

function reportFences(step: Step, { findings }: MarksContext): void {
  const isProven = step.fences.some((fence) => fence.verb === 'check' || fence.verb === 'verify')
  for (const fence of step.fences) {
    const at = fence.span.start
    const { options } = fence
    const isPaced = options.everyMs !== undefined && !isReadBack(fence, step)
    if (options.forMs === undefined && (isPaced || options.passes > 1)) {
      const name = isPaced ? 'every' : 'passes'
      findings.add('HR6206', at, { message: `\`${name}\` has no effect`, hint: 'it needs `for`, a deadline' })
    }
    if (fence.verb === 'run' && !isProven && !options.repeatSafe)
      findings.add('HR7101', at, {
        message: `nothing proves that "${step.title}" has worked`,
        hint: 'add a `check` or `verify`, or `repeat=safe` if running it twice does no harm',
      })
  }
}
