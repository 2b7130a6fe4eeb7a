import type { CodeEntry } from './code-entry.ts'

const error = 'error' as const
const warning = 'warning' as const

/** HR62xx: options that do not go together; HR63xx: names; expressions: HR10xx, selectors: HR20xx. */
export const MEANING_CODES = {
  HR6201: {
    severity: error,
    title: 'an irreversible step has no word to type',
    explanation: 'What cannot be undone is confirmed by typing a word that names it.',
    hint: 'Add `confirm=WORD`.',
    example:
      'danger=irreversible                      (wrong)\ndanger=irreversible confirm=DECOMMISSION (right)',
  },
  HR6202: {
    severity: error,
    title: 'a step does not say where it runs',
    explanation: 'A step that touches a host names its hosts, itself or on a phase or the document above it.',
    hint: 'Add `on=SELECTOR`; the operator’s machine is `on=local`.',
    example: '### Restart\n<!-- handrail on=cassandra -->',
  },
  HR6203: {
    severity: error,
    title: 'a file has no path',
    explanation: '`edit` and `file` change one file, named by `path=`.',
    hint: 'Add `path=…`.',
    example: '```ini edit                     (wrong)\n```ini edit path=/etc/app.ini   (right)',
  },
  HR6204: {
    severity: error,
    title: '`undo=none` and `reason` belong together',
    explanation: 'Where there is no way back, the document says why.',
    hint: 'Write `undo=none reason="…"`.',
    example: '<!-- handrail undo=none -->',
  },
  HR6205: {
    severity: error,
    title: 'an expectation follows nothing that prints',
    explanation: '`expect` belongs to the probe or `run` right before it among its siblings.',
    hint: 'Put it directly behind that fence, at the same level.',
    example: '```text expect\nok\n```        (first in its step)',
  },
  HR6206: {
    severity: warning,
    title: 'an option has no effect here',
    explanation: 'The option is allowed, but what it needs is not there.',
    hint: 'Remove it, or add what is named.',
    example: '```sh check every=5s        (polls only with `for`, or beside a checklist)',
  },
  HR6207: {
    severity: error,
    title: 'options on a section that holds nothing to do',
    explanation: 'The section is prose, so its options would silently do nothing.',
    hint: 'Mark a fence with a verb, or remove the comment.',
    example: '## Background\n<!-- handrail on=all -->\nOnly prose.',
  },
  HR6209: {
    severity: error,
    title: 'two probes capture under the same name',
    explanation: 'Which of the two is meant later could not be told.',
    hint: 'Give each capture a name of its own.',
    example: '```sh check capture=v   … twice',
  },
  HR6210: {
    severity: error,
    title: 'a regular expression cannot be used',
    explanation: 'Expressions are linear-time (RE2): no look-around, no back-references.',
    hint: 'Rewrite the expression.',
    example: '(?<=id=)\\d+        (wrong)\nid=(\\d+)           (right)',
  },
  HR6211: {
    severity: error,
    title: '`undo=none` beside an undo',
    explanation: 'The step says that there is no way back, and holds one.',
    hint: 'Remove one of the two.',
    example: '<!-- handrail undo=none reason="…" -->\n```sh undo\n…\n```',
  },
  HR6213: {
    severity: error,
    title: 'an HTTP request cannot be read',
    explanation: 'The body is a request line, headers, an empty line, and a body.',
    hint: 'Begin with a line such as `GET http://host:8080/health`.',
    example: '```http check\nhttp://host/health\n```        (the method is missing)',
  },
  HR6214: {
    severity: error,
    title: 'an expectation cannot be read',
    explanation: 'The body of a `json` or `yaml` expectation is a document of that language.',
    hint: 'Correct the body, or use `match=text`.',
    example: '```json expect\n{ "state": up }\n```',
  },
  HR6215: {
    severity: error,
    title: 'a language that values cannot be written in',
    explanation:
      'A value is written as a literal of the language of its fence; for this language no such form is known.',
    hint: 'Add `literal` and remove the expressions, or write the values through a `file` that the program reads.',
    example: '```perl run\nprint {{ name }}\n```',
  },
  HR6301: {
    severity: error,
    title: 'unknown secret',
    explanation:
      'Secrets are named in the runbook and declared under `secrets:` of the inventory, which says where the value comes from.',
    hint: 'Correct the name, or declare it in the inventory.',
    example: 'password: { type: secret, default: "secret:probe" }        (the inventory has no `probe`)',
  },
  HR6302: {
    severity: error,
    title: '`prober` without `from`',
    explanation: '`prober` is the host that a probe runs on instead; it exists only with `from=`.',
    hint: 'Add `from=…`, or use `host`.',
    example: '```sh check\nping -c 1 {{ prober.name }}\n```',
  },
  HR6303: {
    severity: error,
    title: 'a secret in an option',
    explanation:
      'Options stand in plans, in the journal and on the screen, and interpreters in command lines; a secret is in none of them.',
    hint: 'Write the secret into a `file … temporary`, and pass the path of that file.',
    example: 'interpreters: { cql: "cqlsh -p {{ password }}" }',
  },
} as const satisfies Record<string, CodeEntry>
