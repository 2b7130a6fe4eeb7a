import type { CodeEntry } from './code-entry.ts'

const error = 'error' as const

/** HR51xx: front matter. */
export const FRONT_MATTER_CODES = {
  HR5101: {
    severity: error,
    title: 'the front matter is not valid YAML',
    explanation: 'The lines between the two `---` at the top of the file are YAML.',
    hint: 'Correct the YAML; values with `: `, `#` or `{{` need quotes.',
    example: 'title: Restart: all hosts        (wrong)\ntitle: "Restart: all hosts"      (right)',
  },
  HR5102: {
    severity: error,
    title: 'unknown key in the front matter',
    explanation: 'A misspelt key that is ignored would silently change what runs.',
    hint: 'Use one of the documented keys.',
    example: 'parms:        (wrong)\nparams:       (right)',
  },
  HR5103: {
    severity: error,
    title: 'a value in the front matter has the wrong type',
    explanation: 'Each key takes values of one type.',
    hint: 'Write a value of the type that is named.',
    example: 'tags: cassandra          (wrong)\ntags: [cassandra]        (right)',
  },
  HR5104: {
    severity: error,
    title: 'unknown version of the format',
    explanation: 'This program knows version 1 of the format.',
    hint: 'Write `handrail: 1`.',
    example: 'handrail: 2',
  },
  HR5105: {
    severity: error,
    title: 'the front matter is not closed',
    explanation: 'Without its closing `---` the front matter is taken for text, and nothing in it counts.',
    hint: 'Close it with a line `---`.',
    example: '---\nhandrail: 1\n# Title',
  },
  HR5106: {
    severity: error,
    title: 'unknown type of a parameter',
    explanation: 'The type decides what is accepted and how a value is written into a command.',
    hint: 'Use one of the documented types.',
    example: 'nofile: { type: integer }        (wrong)\nnofile: { type: int }            (right)',
  },
  HR5107: {
    severity: error,
    title: 'a parameter has a name that cannot be used',
    explanation:
      'Parameters are used by bare name in expressions, so a name is an identifier that means nothing else there.',
    hint: 'Use letters, digits and `_`, and none of the reserved names.',
    example: 'node-count: { type: int }        (wrong)\nnode_count: { type: int }        (right)',
  },
  HR5108: {
    severity: error,
    title: 'a parameter contradicts itself',
    explanation: 'What is declared cannot all hold, or does not go with the type.',
    hint: 'Remove one of the two.',
    example: 'size: { type: int, default: 3, value: "{{ 1 + 2 }}" }',
  },
  HR5109: {
    severity: error,
    title: 'a default does not fit its parameter',
    explanation: 'A default is held to the same type and limits as an answer.',
    hint: 'Change the default, the type or the limits.',
    example: 'nofile: { type: int, min: 65536, default: 1024 }',
  },
  HR5110: {
    severity: error,
    title: 'a maintenance window cannot be read',
    explanation: 'A window is one string: days, from-to, and a time zone of the IANA database.',
    hint: 'Write it like "sat,sun 01:00-05:00 Europe/Dublin".',
    example: 'window: weekends at night',
  },
  HR5111: {
    severity: error,
    title: 'a secret stands in the document',
    explanation:
      'Documents are shared and kept for ever. A secret is named, and its value comes from the inventory’s source.',
    hint: 'Write `default: "secret:NAME"`, and declare NAME under `secrets:` of the inventory.',
    example:
      'password: { type: secret, default: hunter2 }        (wrong)\npassword: { type: secret, default: "secret:db" }    (right)',
  },
} as const satisfies Record<string, CodeEntry>
