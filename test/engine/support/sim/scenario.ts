import type { Question } from '../../../../src/core/run/question.ts'
import type { Intent } from '../../../../src/core/run/intents.ts'
import type { RunEvent } from '../../../../src/core/run/events.ts'
import type { Progress } from '../../../../src/engine/context.ts'
import type { HostStepState } from '../../../../src/core/run/state.ts'
import { buildTestPlan, type StepSpec } from '../plan-builder.ts'
import type { Choice } from '../../../../src/core/run/question.ts'
import { createWorld, startTool, type SimTool, type SimWorld } from './sim-world.ts'

/** A world with one plan and a tool, driven until something is there. */
export type Scenario = {
  readonly world: SimWorld
  tool: SimTool
  readonly events: () => readonly RunEvent[]
  /** What was told and not recorded, oldest first. */
  readonly progress: Progress[]
  /** Whether somebody looks on. */
  isWatched: boolean
  readonly hostStep: (step: string, host: string) => HostStepState
  /** Lets time pass until it holds; fails after a bounded number of steps. */
  readonly until: (what: string, holds: () => boolean) => Promise<void>
  /** Lets time pass until a question of that kind is open, and gives it. */
  readonly asked: (kind: Question['kind']) => Promise<Question>
  readonly answer: (question: Question, choice: Choice) => Promise<void>
  readonly submit: (intent: Intent) => Promise<void>
  readonly finished: () => Promise<void>
  /** Kills the tool at once and begins a new one. */
  readonly restart: (options?: { readonly rechecks?: boolean }) => void
  readonly effects: (host: string, key: string) => number
}

/** Builds a scenario whose plan and steps are confirmed unasked; all else is for the test to answer. */
export function createScenario(specs: readonly StepSpec[], seed = 1): Scenario {
  const world = createWorld(seed, buildTestPlan(specs))
  let epoch = 0
  const progress: Progress[] = []
  const begin = (rechecks = false): SimTool =>
    startTool(world, {
      epoch: (epoch += 1),
      staysOpen: true,
      rechecks,
      limits: { followMs: 1000 },
      onProgress: (told) => progress.push(told),
      isWatched: () => scenario.isWatched,
    })
  const scenario: Scenario = {
    world,
    tool: undefined as never,
    progress,
    isWatched: true,
    events: () => world.disk.events.map(({ event }) => event),
    hostStep: (step, host) => scenario.tool.state.steps.get(step as never)!.hosts.get(host as never)!,
    until: async (what, holds) => {
      for (let steps = 0; steps < 20_000; steps += 1) {
        if (scenario.tool.error() !== undefined) throw scenario.tool.error()
        if (holds()) return
        confirm(scenario)
        await world.scheduler.step()
      }
      throw new Error(
        `it never came: ${what}\n${scenario
          .events()
          .slice(-8)
          .map((event) => JSON.stringify(event))
          .join('\n')}`,
      )
    },
    asked: async (kind) => {
      let found: Question | undefined
      await scenario.until(`a question: ${kind}`, () => {
        found = [...scenario.tool.state.questions.values()].find((question) => question.kind === kind)
        return found !== undefined
      })
      return found!
    },
    answer: async ({ id }, choice) => {
      await submit(scenario, {
        type: 'answer',
        question: id,
        choice,
        by: 'ann',
        how: 'asked',
        text: 'because',
      })
    },
    submit: (intent) => submit(scenario, intent),
    finished: () => scenario.until('its end', () => scenario.tool.stop() !== undefined),
    restart: ({ rechecks } = {}) => {
      scenario.tool.kill()
      scenario.tool = begin(rechecks)
    },
    effects: (host, key) => world.hosts.get(host)!.effects.filter((effect) => effect.key === key).length,
  }
  scenario.tool = begin()
  return scenario
}

async function submit(scenario: Scenario, intent: Intent): Promise<void> {
  const decision = scenario.tool.engine.submit(intent)
  let isDone = false
  void decision.finally(() => (isDone = true))
  await scenario.until('the decision', () => isDone)
  const result = await decision
  if (!result.ok) throw new Error(result.refusal.message)
}

const confirming = new WeakMap<SimTool, Set<string>>()

function confirm({ tool }: Scenario): void {
  const known = confirming.get(tool) ?? new Set<string>()
  confirming.set(tool, known)
  for (const { id, kind, word } of tool.state.questions.values()) {
    if ((kind !== 'plan' && kind !== 'confirm') || known.has(id)) continue
    known.add(id)
    void tool.engine.submit({
      type: 'answer',
      question: id,
      choice: 'go',
      by: 'ann',
      how: 'asked',
      text: word ?? '',
    })
  }
}
