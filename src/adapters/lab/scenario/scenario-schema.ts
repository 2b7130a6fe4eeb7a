import * as z from 'zod/mini'

const text = z.string().check(z.minLength(1))
const count = z.int().check(z.nonnegative())
const host = text

/** What goes wrong, where, and when; see docs/lab.md for each kind. */
const faultKind = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('refuse-connections'), host }),
  z.strictObject({ kind: z.literal('hang-connection'), host }),
  z.strictObject({ kind: z.literal('auth-refused'), host }),
  z.strictObject({ kind: z.literal('host-key-changed'), host }),
  z.strictObject({ kind: z.literal('hang-command'), host }),
  z.strictObject({ kind: z.literal('no-exit-status'), host }),
  z.strictObject({ kind: z.literal('slow'), host, perCommandMs: count }),
  z.strictObject({ kind: z.literal('drop-line'), host, afterOutputBytes: z.optional(count) }),
  z.strictObject({ kind: z.literal('reboot'), host, afterOutputBytes: z.optional(count) }),
  z.strictObject({ kind: z.literal('disk-full'), host }),
  z.strictObject({ kind: z.literal('clock-skew'), host, byMs: z.int() }),
  z.strictObject({ kind: z.literal('stop-node'), host }),
  z.strictObject({ kind: z.literal('start-node'), host }),
  z.strictObject({ kind: z.literal('stale-health'), host }),
  z.strictObject({ kind: z.literal('partition'), host, other: host, oneWay: z.optional(z.boolean()) }),
  z.strictObject({ kind: z.literal('heal'), host, other: host }),
  z.strictObject({ kind: z.literal('clear'), host }),
])

/** All kinds, in the order of the documentation. */
export const FAULT_KINDS: readonly string[] = faultKind.def.options.flatMap(
  (option) => option.def.shape.kind.def.values,
)

/** A moment in the life of the hosts: a program begins or ends there. */
const moment = z.strictObject({
  /** Name of the program, for example `nodetool`. */
  program: text,
  /** At its beginning unless told. */
  at: z.optional(z.enum(['start', 'end'])),
  /** Only on this host. */
  host: z.optional(host),
  /** Only if its arguments hold this. */
  holds: z.optional(text),
  /** Only if this holds of the cluster then: CEL over its description. */
  if: z.optional(text),
  /** Lets so many such moments pass first. */
  skip: z.optional(count),
})

const faultSchema = z.strictObject({
  fault: faultKind,
  /** Absent: from the beginning. */
  when: z.optional(moment),
  /** For faults of connections and commands: only for this account, or commands that hold this text. */
  user: z.optional(text),
  textHolds: z.optional(text),
  skip: z.optional(count),
  times: z.optional(count),
})

const goalSchema = z.strictObject({
  /** What it means, in a sentence. */
  says: text,
  /** CEL over the description of the cluster. */
  holds: text,
})

const confFile = z.strictObject({
  path: text,
  /** Language of a structured edit, whose wanted keys are in `body`. */
  edit: z.optional(z.enum(['yaml', 'json', 'properties', 'ini'])),
  /** With expressions over `inventory`, `host` and `dc`; without `edit` the whole content. */
  body: z.optional(text),
  remove: z.optional(z.boolean()),
  owner: z.optional(text),
})

const initialState = z.strictObject({
  installed: z.strictObject({ version: text, home: text, owner: text }),
  files: z._default(z.array(confFile), []),
  /** Hosts on which the nodes were started, in this order; then so long ago that all has settled. */
  started: z._default(z.array(host), []),
})

const machine = z.strictObject({
  os: z.strictObject({ id: text, versionId: text, prettyName: text }),
  kernel: z._default(text, '5.14.0'),
  cpus: z._default(count, 4),
  memoryGb: z._default(count, 16),
  /** Accounts besides root; the first is the one that logs in, and may use sudo. */
  accounts: z.array(text).check(z.minLength(1)),
  archives: z._default(z.array(text), []),
  javas: z._default(z.record(text, z.strictObject({ version: text, vendor: text })), {}),
  pythons: z._default(z.array(z.enum(['python2.7', 'python3'])), []),
  unit: z.optional(z.strictObject({ name: text, home: text, user: text, javaHome: text })),
})

const answers = z.strictObject({
  approve: z.optional(z.enum(['change', 'disruptive'])),
  /** The words of irreversible steps, by `STEP` or `STEP@HOST`. */
  confirm: z._default(z.record(text, text), {}),
  /** Evidence of manual items, by `STEP/ITEM` or `STEP@HOST/ITEM`. */
  answer: z._default(z.record(text, z.string()), {}),
  /** What to do when a step needs a person, by `STEP` or `STEP@HOST`. */
  decide: z._default(z.record(text, text), {}),
  params: z._default(z.record(text, z.union([z.string(), z.number(), z.boolean()])), {}),
})

/** A scenario as its file has it. */
export const scenarioSchema = z.strictObject({
  lab: z.literal(1),
  title: text,
  summary: z._default(text, 'A practice scenario.'),
  /** The runbook to walk, relative to the folder above the scenario's. */
  runbook: z.optional(text),
  /** Runbooks that count as finished. */
  completed: z._default(z.array(text), []),
  /** File with the inventory, relative to the scenario. */
  inventory: text,
  /** Put over the inventory's `vars`, map by map. */
  vars: z._default(z.record(text, z.unknown()), {}),
  /** Values that exist only here, for the inventory's secrets of these names. */
  secrets: z._default(z.record(text, text), {}),
  machine,
  state: z.optional(initialState),
  /** How long the cluster's doings take, in milliseconds. */
  timings: z._default(z.record(text, count), {}),
  faults: z._default(z.array(faultSchema), []),
  answers: z._default(answers, { confirm: {}, answer: {}, decide: {}, params: {} }),
  goals: z._default(z.array(goalSchema), []),
})

export type ScenarioData = z.infer<typeof scenarioSchema>
export type ScenarioFault = z.infer<typeof faultSchema>
export type FaultKindData = z.infer<typeof faultKind>
export type Moment = z.infer<typeof moment>
export type Goal = z.infer<typeof goalSchema>
export type ScenarioAnswers = z.infer<typeof answers>
export type ConfFile = z.infer<typeof confFile>

export { answers as answersSchema, faultSchema, goalSchema, moment as momentSchema }
