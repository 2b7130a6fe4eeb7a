import { displayRendered } from '../../core/expr/rendered-text.ts'
import type { ActionWork, HostStepWork, PlanStep, ProbeWork } from '../../core/plan/model.ts'
import type { ContentBlock } from '../../core/runbook/model.ts'
import type { CommandText, StepBlock, StepText } from '../../tui/run-client.ts'

/** A step's text with its commands filled in for one host; without a host its prose alone. */
export function buildStepText(step: PlanStep, work: HostStepWork | undefined): StepText {
  const commands = work === undefined ? new Map<number, CommandText>() : buildCommands(work)
  const fixtures = (work?.fixtures ?? []).map(({ path, content, as }, index): StepBlock => {
    const command: CommandText = {
      verb: 'fixture',
      index: index + 1,
      language: 'text',
      text: displayRendered(content),
      path: displayRendered(path),
      ...(as === undefined ? {} : { as }),
    }
    return { kind: 'command', command }
  })
  const blocks = step.content.flatMap((block) => buildBlock(block, step, commands))
  return {
    blocks: [...fixtures, ...blocks],
    ...(work?.problem === undefined ? {} : { problem: work.problem }),
    ...(work?.skipped === undefined ? {} : { skipped: work.skipped }),
  }
}

function buildBlock(
  block: ContentBlock,
  step: PlanStep,
  commands: ReadonlyMap<number, CommandText>,
): readonly StepBlock[] {
  if (block.kind === 'fence') {
    // What a condition leaves out on this host has no command.
    const command = commands.get(block.span.start.offset)
    return command === undefined ? [] : [{ kind: 'command', command }]
  }
  if (block.kind === 'task') {
    const item = step.manual[block.index]
    return item === undefined ? [] : [{ kind: 'task', number: item.number, text: item.text }]
  }
  const { span: _, ...shown } = block
  return [shown]
}

/** Commands by where their fence stands. */
function buildCommands(work: HostStepWork): Map<number, CommandText> {
  const commands = new Map<number, CommandText>()
  for (const probe of [...work.requires, ...work.checks, ...work.verifies])
    commands.set(probe.fence.span.start.offset, buildProbe(probe))
  for (const action of work.actions)
    commands.set(action.fence.span.start.offset, buildAction(action, action.fence.verb))
  for (const undo of work.undos) commands.set(undo.fence.span.start.offset, buildAction(undo, 'undo'))
  return commands
}

function buildAction(action: ActionWork, verb: CommandText['verb']): CommandText {
  const { index, fence, command, file, http, interactive } = action
  return {
    verb,
    index,
    language: fence.language,
    text: displayRendered(http?.request ?? command.body),
    ...buildPlace(command),
    ...(file === undefined ? {} : { path: file.path }),
    ...(interactive ? { isInteractive: true } : {}),
  }
}

function buildProbe(probe: ProbeWork): CommandText {
  const { verb, index, fence, command, http, probers, expectations, forMs } = probe
  return {
    verb,
    index,
    language: fence.language,
    text: displayRendered(http?.request ?? command.body),
    ...buildPlace(command),
    ...(fence.options.from === undefined ? {} : { from: probers }),
    ...(expectations.length === 0
      ? {}
      : { wanted: expectations.map(({ wanted }) => displayRendered(wanted)) }),
    ...(forMs > 0 ? { forMs } : {}),
  }
}

function buildPlace({ as, cwd }: ActionWork['command']): Pick<CommandText, 'as' | 'cwd'> {
  return { ...(as === undefined ? {} : { as }), ...(cwd === undefined ? {} : { cwd }) }
}
