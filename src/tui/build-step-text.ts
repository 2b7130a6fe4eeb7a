import { displayRendered } from '../core/expr/rendered-text.ts'
import type {
  ActionWork,
  CommandWork,
  FixtureWork,
  HostStepWork,
  PlanStep,
  ProbeWork,
} from '../core/plan/model.ts'
import type { ContentBlock, Fence } from '../core/runbook/model.ts'
import type { CommandText, StepBlock, StepText } from './run-client.ts'

/**
 * A step's Markdown with its commands as they will be sent to one host; secrets stand by name. For implementations
 * of `RunClient.stepText`: give the work rendered with what is known by now. Without a host, the prose alone.
 */
export function buildStepText(step: PlanStep, work: HostStepWork | undefined): StepText {
  const commands = work === undefined ? [] : selectCommands(work)
  const fixtures = (work?.fixtures ?? []).map((fixture, index): StepBlock => ({
    kind: 'command',
    command: describeFixture(fixture, index),
  }))
  const blocks = step.content.flatMap((block): StepBlock[] => buildBlock(block, step, commands))
  return {
    blocks: insertFixtures(blocks, fixtures),
    ...(work?.problem === undefined ? {} : { problem: work.problem }),
    ...(work?.skipped === undefined ? {} : { skipped: work.skipped }),
    ...(step.noUndoReason === undefined ? {} : { noWayBack: step.noUndoReason }),
  }
}

/** Temporary files stand before the first command; what the author tells first stays first. */
function insertFixtures(blocks: readonly StepBlock[], fixtures: readonly StepBlock[]): StepBlock[] {
  const first = blocks.findIndex(({ kind }) => kind === 'command' || kind === 'task')
  const at = first === -1 ? blocks.length : first
  return [...blocks.slice(0, at), ...fixtures, ...blocks.slice(at)]
}

type PlacedCommand = { readonly fence: Fence; readonly command: CommandText }

function buildBlock(block: ContentBlock, step: PlanStep, commands: readonly PlacedCommand[]): StepBlock[] {
  switch (block.kind) {
    case 'fence': {
      // Blocks and fences are made from the same text: their spans are the same.
      const found = commands.find(({ fence }) => fence.span.start.offset === block.span.start.offset)
      return found === undefined ? [] : [{ kind: 'command', command: found.command }]
    }
    case 'task': {
      const item = step.manual[block.index]
      return item === undefined ? [] : [{ kind: 'task', number: item.number, text: item.text }]
    }
    case 'markdown':
      return [{ kind: 'markdown', text: block.text }]
    case 'alert':
      return [{ kind: 'alert', alert: block.alert, text: block.text }]
    case 'code':
      return [{ kind: 'code', language: block.language, text: block.text }]
  }
}

function selectCommands(work: HostStepWork): PlacedCommand[] {
  const actions = work.actions.map((action) => ({
    fence: action.fence,
    command: describeAction(action, action.kind === 'http' ? 'run' : action.kind),
  }))
  const undos = work.undos.map((action) => ({ fence: action.fence, command: describeAction(action, 'undo') }))
  const probes = [...work.checks, ...work.requires, ...work.verifies].map((probe) => ({
    fence: probe.fence,
    command: describeProbe(probe),
  }))
  return [...actions, ...undos, ...probes]
}

function describeAction(action: ActionWork, verb: CommandText['verb']): CommandText {
  const { file } = action
  return {
    ...describeSent(action, verb),
    ...(file === undefined ? {} : { path: file.path }),
    ...(action.interactive ? { isInteractive: true } : {}),
  }
}

function describeProbe(probe: ProbeWork): CommandText {
  const { fence } = probe
  return {
    ...describeSent(probe, probe.verb),
    ...(fence.options.from === undefined ? {} : { from: probe.probers }),
    ...(probe.expectations.length === 0
      ? {}
      : { wanted: probe.expectations.map(({ wanted }) => displayRendered(wanted)) }),
    ...(probe.forMs === 0 ? {} : { forMs: probe.forMs }),
  }
}

/** What goes to a host, and where on it; the same for what changes and for what looks. */
function describeSent(
  { command, http, fence, index }: Pick<ActionWork & ProbeWork, 'command' | 'http' | 'fence' | 'index'>,
  verb: CommandText['verb'],
): CommandText {
  return {
    verb,
    index,
    language: fence.language,
    text: displayRendered(http?.request ?? command.body),
    ...describePlace(command),
  }
}

function describeFixture(fixture: FixtureWork, index: number): CommandText {
  return {
    verb: 'fixture',
    index: index + 1,
    language: '',
    text: displayRendered(fixture.content),
    path: displayRendered(fixture.path),
    ...(fixture.as === undefined ? {} : { as: fixture.as }),
  }
}

function describePlace({ as, cwd }: CommandWork): { readonly as?: string; readonly cwd?: string } {
  return { ...(as === undefined ? {} : { as }), ...(cwd === undefined ? {} : { cwd }) }
}
