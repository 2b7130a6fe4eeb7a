import * as z from 'zod/mini'
import {
  answersSchema,
  faultSchema,
  goalSchema,
  momentSchema,
} from '../../adapters/lab/scenario/scenario-schema.ts'

const text = z.string().check(z.minLength(1))

const expectation = z.strictObject({
  exit: z.optional(z.int()),
  /** Outcome, or state where there is none yet, of a step on all its hosts, or by host. */
  steps: z._default(z.record(text, z.union([text, z.record(text, text)])), {}),
  /** Questions that are open at the end, as `STEP` or `STEP@HOST`; all of them. */
  asked: z.optional(z.array(text)),
  /** What the output holds. */
  says: z._default(z.array(text), []),
  /** `met`: all goals of the scenario. */
  goals: z.optional(z.union([z.literal('met'), z.array(goalSchema)])),
  /** How often a program was begun on the practice hosts, by `PROGRAM ARGUMENTS` that it held. */
  started: z._default(z.record(text, z.int()), {}),
})

const stage = z.strictObject({
  do: z._default(z.enum(['run', 'resume', 'check']), 'run'),
  faults: z._default(z.array(faultSchema), []),
  /** The tool is killed outright at this moment on a host. */
  kill: z.optional(momentSchema),
  answers: z.optional(answersSchema),
  /** From this stage on the secrets of the inventory have these values. */
  secrets: z._default(z.record(text, text), {}),
  /** Other arguments of the command. */
  args: z._default(z.array(text), []),
  expect: z._default(expectation, { steps: {}, says: [], started: {} }),
})

const testCase = z.strictObject({
  name: text,
  scenario: z.optional(text),
  /** Put in the place of the scenario's secrets. */
  secrets: z._default(z.record(text, text), {}),
  /** Mistakes made in the inventory that the tool is given; the hosts are as the scenario has them. */
  inventory: z._default(z.array(z.strictObject({ replace: text, by: text })), []),
  stages: z.array(stage).check(z.minLength(1)),
})

/** A runbook's test file. */
export const testFileSchema = z.strictObject({
  test: z.literal(1),
  /** Relative to the file. */
  runbook: text,
  /** Of the cases that name none. */
  scenario: text,
  cases: z.array(testCase).check(z.minLength(1)),
})

export type TestFile = z.infer<typeof testFileSchema>
export type TestCase = z.infer<typeof testCase>
export type TestStage = z.infer<typeof stage>
export type Expectation = z.infer<typeof expectation>
