import type { CodePage } from '../base/code-page.ts'

/** Pages of the codes of plans and parameters. */
export const PLAN_CODES: readonly CodePage[] = [
  {
    code: 'HR4001',
    title: 'a step does not say where it works',
    explanation: 'A step that touches something needs `on=`, its own or that of its phase or document.',
    hint: 'Add `on=…`.',
    example: '<!-- handrail on=message -->',
  },
  {
    code: 'HR4002',
    title: 'a step selects no host',
    explanation: 'Its selector is right, but no host of this inventory fits, so the step is skipped.',
    hint: 'Look at the selector, or at the roles and tags of the inventory.',
    example: 'on="message and DC9"',
  },
  {
    code: 'HR4003',
    title: 'a language has no interpreter',
    explanation: 'Bodies of languages other than sh are read by a command of the front matter.',
    hint: 'Add it under `interpreters`.',
    example: 'interpreters: { python: "python3 -" }',
  },
  {
    code: 'HR4004',
    title: 'a value is not known when it is needed',
    explanation:
      'A path, a user or a directory is needed before the step begins, but reads what the step itself captures.',
    hint: 'Capture it in an earlier step.',
    example: 'sh run cwd="{{ captured.home }}"',
  },
  {
    code: 'HR4005',
    title: 'no form for values in a language',
    explanation:
      'The tool writes values as literals of languages it knows; in others it could not quote them safely.',
    hint: 'Add `literal`, and hand values over in the interpreter command.',
    example: '```awk run literal',
  },
  {
    code: 'HR4006',
    title: 'a condition cannot be told',
    explanation: 'It reads something that this host has not, or gives neither true nor false.',
    hint: 'Test with has(…) first.',
    example: 'when="has(host.vars.tls) && host.vars.tls"',
  },
  {
    code: 'HR4007',
    title: 'an unknown step',
    explanation: '--only and --from name a step or phase by its id.',
    hint: '`handrail plan` lists the ids.',
    example: '--from change.restart',
  },
  {
    code: 'HR4101',
    title: 'an unknown parameter',
    explanation: 'A value was given for a name that the front matter does not declare.',
    hint: 'Correct the name.',
    example: '-p nofil=100000  →  -p nofile=100000',
  },
  {
    code: 'HR4102',
    title: 'a derived parameter was given',
    explanation: 'A parameter with `value` is worked out from others.',
    hint: 'Give those, or write `default` in place of `value`.',
    example: 'params: { seeds: { type: list, value: "{{ … }}" } }',
  },
  {
    code: 'HR4103',
    title: 'a value does not fit its parameter',
    explanation:
      'It is of another type, outside of the limits, none of the choices, or does not match the pattern.',
    hint: 'Give a value that fits.',
    example: '-p nofile=many  →  -p nofile=100000',
  },
  {
    code: 'HR4104',
    title: 'a parameter has no value',
    explanation: 'It was not given and has no default. A plan shows the place; a run refuses.',
    hint: 'Give it with -p NAME=VALUE, or in a file with --param-file.',
    example: '-p target=db1',
  },
  {
    code: 'HR4105',
    title: 'a parameter is derived from itself',
    explanation: 'Its expression reads, perhaps by way of others, its own value.',
    hint: 'Break the circle.',
    example: 'params: { a: { value: "{{ b }}" }, b: { value: "{{ a }}" } }',
  },
]
