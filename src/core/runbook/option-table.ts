import type { FenceVerb } from './model.ts'
import type { ValueKind } from './option-values.ts'
import * as read from './option-values.ts'

/** Where options may stand: a section by its kind, the document, or a fence by its verb. */
export type OptionPlace = 'document' | 'phase' | 'step' | FenceVerb | 'expect'

/** One option: where it is allowed, how it is written, and what the documentation says of it. */
export type OptionSpec<T> = {
  readonly places: readonly OptionPlace[]
  readonly kind: ValueKind<T>
  /** In words, for the documentation. */
  readonly about: string
  /** Languages of the fences that it is allowed on; absent: all. */
  readonly languages?: readonly string[]
}

const inherited = ['document', 'phase', 'step'] as const
const probes = ['check', 'verify', 'require'] as const
const commands = ['run', ...probes, 'undo'] as const
const files = ['edit', 'file', 'fixture'] as const
const fences = [...commands, ...files] as const
const NAME = /^[A-Za-z_]\w*$/
const ID = /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.-]*[\p{L}\p{M}\p{N}_])?$/u

function spec<T>(places: readonly OptionPlace[], kind: ValueKind<T>, about: string): OptionSpec<T> {
  return { places, kind, about }
}

function httpSpec<T>(kind: ValueKind<T>, about: string): OptionSpec<T> {
  return { places: commands, kind, about, languages: ['http'] }
}

/** All options, in the order of the documentation; the one table that decides what is allowed where. */
export const OPTION_TABLE = {
  on: spec(
    [...inherited, ...commands],
    read.selector,
    'The hosts. On a fence only `on=local`, for `http`: sent directly from the operator’s machine.',
  ),
  pick: spec(
    inherited,
    read.oneOf('all', 'first', 'any', 'one-per-dc', 'one-per-rack'),
    'Which of the selected hosts: `all` (default), the first, any healthy one (pinned for the run), one per datacenter or rack.',
  ),
  order: spec(
    inherited,
    read.oneOf('parallel', 'serial'),
    'All at once or one after the other; the default follows from the danger. `serial` written on a phase: all its steps on one host, then the next host.',
  ),
  by: spec(inherited, read.oneOf('dc', 'rack'), 'All hosts of one datacenter or rack before the next.'),
  batch: spec(inherited, read.wholeNumber(1, 10_000), 'At most so many hosts at a time.'),
  'max-failures': spec(
    inherited,
    read.wholeNumber(0, 10_000),
    'So many hosts that failed, are unreachable, unknown or held by another run stop the start of more; default 1 from `change` up, else none.',
  ),
  danger: spec(
    ['step'],
    read.oneOf('disruptive', 'irreversible'),
    'Derived unless written: no action is `read`, an action is `change`.',
  ),
  confirm: spec(['step'], read.template, 'The word to type before an `irreversible` step; required there.'),
  'confirm-each': spec(['step'], read.flag, 'Ask for every host.'),
  timeout: spec(
    [...inherited, ...fences],
    read.duration,
    'Longest time of one action or probe; default 10m.',
  ),
  'idle-timeout': spec([...inherited, ...fences], read.duration, 'Longest time without output; default 2m.'),
  reconnect: spec(
    [...inherited, ...fences],
    read.duration,
    'How long a lost link is tried again before the outcome is unknown; default 15m.',
  ),
  'on-timeout': spec(
    [...inherited, ...fences],
    read.oneOf('ask', 'kill'),
    'What happens then: `ask` (default, the action goes on) or `kill`.',
  ),
  takes: spec(['step'], read.durationRange, 'The author’s estimate, until there is history.'),
  window: spec(
    inherited,
    read.maintenanceWindow,
    'Maintenance window: no disruptive step starts that does not fit.',
  ),
  when: spec([...inherited, ...fences], read.condition, 'Skipped unless true.'),
  'each-host': spec(['step'], read.flag, 'The checklist is ticked for every host, not once.'),
  undo: spec(['step'], read.oneOf('none'), 'There is no way back; `reason` says why.'),
  reason: spec(['step'], read.text, 'Why there is no way back.'),
  covers: spec(['step'], read.words, 'Ids of the requirements that the step covers.'),
  runbook: spec(
    ['phase', 'step'],
    read.runbookReference,
    'Another runbook, or a phase of it, that runs here.',
  ),
  id: spec(
    ['phase', 'step'],
    read.nameLike(ID, 'an id: letters, digits, `.`, `_` and `-`'),
    'The id, instead of the one made of the headings.',
  ),
  as: spec([...inherited, ...fences], read.template, 'The user to become.'),
  cwd: spec(commands, read.template, 'The directory to run in.'),
  interactive: spec(['run', 'undo'], read.flag, 'The command gets the terminal; it is never detached.'),
  repeat: spec(['run', 'undo'], read.oneOf('safe'), 'Running it twice does no harm.'),
  literal: spec([...fences, 'expect'], read.flag, 'The body holds no expressions.'),
  interpreter: spec(
    commands,
    read.nameLike(/^[\w.+-]+$/, 'the name of an interpreter'),
    'Another one of `interpreters:` than that of the language.',
  ),
  every: spec(probes, read.duration, 'Polling period; default 5s.'),
  for: spec(probes, read.duration, 'Poll until it passes, at most so long.'),
  passes: spec(probes, read.wholeNumber(1, 1000), 'So many passes in a row; default 1.'),
  from: spec(probes, read.probeOrigin, 'Where the probe runs instead; `prober` is that host.'),
  warn: spec(probes, read.flag, 'Failing is reported and does not block.'),
  fail: spec(
    probes,
    read.exitCodes,
    'Exit codes that mean “not as wanted”; default 1. Any other code but 0 means “cannot tell”.',
  ),
  capture: spec(
    probes,
    read.nameLike(NAME, 'a name of letters, digits and `_`'),
    'Keep the trimmed output, or the first group of the expected expression, under this name.',
  ),
  match: spec(
    ['expect'],
    read.oneOf('text', 'exact', 'regex'),
    'How output is compared; default by language: `json` and `yaml` as a subset, else `text`.',
  ),
  stream: spec(['expect'], read.oneOf('stdout', 'stderr', 'both'), 'Which output; default `stdout`.'),
  path: spec(files, read.template, 'The file; required.'),
  mode: spec(
    files,
    read.fileMode,
    'Its mode; default that of the file, 0644 for a new one, 0600 for a temporary one.',
  ),
  owner: spec(files, read.template, 'Its owner.'),
  group: spec(files, read.template, 'Its group.'),
  temporary: spec(
    ['fixture'],
    read.flag,
    'Written before the first probe or action, removed after the last.',
  ),
  status: httpSpec(read.wholeNumber(100, 599), 'The status that passes; default 200.'),
  ca: httpSpec(read.template, 'File with the certificates to trust.'),
  basic: httpSpec(read.nameLike(/^[\w.-]+$/, 'the name of a secret'), 'The secret with `user:password`.'),
} satisfies Record<string, OptionSpec<unknown>>

export type OptionName = keyof typeof OPTION_TABLE
/** The values that were written, by name of the option. */
export type OptionValues = {
  readonly [K in OptionName]?: (typeof OPTION_TABLE)[K] extends OptionSpec<infer T> ? T : never
}

/** The options that `defaults:`, the title's comment and phases hand down. */
export const INHERITED_OPTIONS: readonly OptionName[] = (Object.keys(OPTION_TABLE) as OptionName[]).filter(
  (name) => (OPTION_TABLE[name].places as readonly OptionPlace[]).includes('document'),
)

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTION_TABLE, name)
}
