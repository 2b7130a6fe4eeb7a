import type { CodeEntry } from './code-entry.ts'

const error = 'error' as const

/** HR60xx: how options are written and where; HR61xx: which words there are. */
export const GRAMMAR_CODES = {
  HR6001: {
    severity: error,
    title: 'an option is not written as one',
    explanation: 'Options are `key=value`, `key="quoted value"` or a bare `flag`, separated by blanks.',
    hint: 'Use straight double quotes around a value with blanks or expressions.',
    example: 'on=\'cassandra and DC1\'        (wrong)\non="cassandra and DC1"        (right)',
  },
  HR6002: {
    severity: error,
    title: 'a character that options cannot hold',
    explanation:
      'Markdown parsers disagree on a backtick, an ampersand and a backslash in an info string, so the document would not mean the same everywhere.',
    hint: 'Move the option into a comment `<!-- handrail … -->` directly above the fence (a backtick: nowhere).',
    example:
      '```sh run when="a && b"        (wrong)\n\n<!-- handrail when="a && b" -->\n```sh run        (right)',
  },
  HR6003: {
    severity: error,
    title: 'a handrail comment stands where it does not count',
    explanation:
      'A comment gives options to the section if it is directly under a heading, or to the fence that it is directly above. Anywhere else it would silently do nothing.',
    hint: 'Move it directly under a heading, or directly above a fence.',
    example: 'Some text.\n\n<!-- handrail on=all -->\n\nMore text.',
  },
  HR6004: {
    severity: error,
    title: 'a comment that is nearly a handrail comment',
    explanation: 'A misspelt comment would silently do nothing.',
    hint: 'Write `<!-- handrail … -->`.',
    example: '<!-- handrial on=all -->        (wrong)\n<!-- handrail on=all -->        (right)',
  },
  HR6005: {
    severity: error,
    title: 'a handrail comment is not alone on its lines',
    explanation: 'A handrail comment begins a line, ends a line, and shares neither with anything.',
    hint: 'Give each comment its own line, and close it with `-->`.',
    example: '<!-- handrail on=all --> <!-- handrail id=x -->',
  },
  HR6101: {
    severity: error,
    title: 'unknown option',
    explanation: 'A misspelt option that is ignored would silently change what runs.',
    hint: 'Use one of the documented options.',
    example:
      '<!-- handrail dangre=disruptive -->        (wrong)\n<!-- handrail danger=disruptive -->        (right)',
  },
  HR6102: {
    severity: error,
    title: 'unknown verb',
    explanation: 'The second word of an info string says what is done with the fence.',
    hint: 'Use one of: run, check, verify, require, undo, edit, file, expect.',
    example: '```sh rnu        (wrong)\n```sh run        (right)',
  },
  HR6103: {
    severity: error,
    title: 'an option stands in the wrong place',
    explanation: 'The option exists, but means nothing here; ignored, it would silently change what runs.',
    hint: 'Move it to one of the places that are named.',
    example: '```sh check takes=5m        (takes belongs to a step)',
  },
  HR6104: {
    severity: error,
    title: 'an option is given twice',
    explanation: 'Only one of the two could count.',
    hint: 'Remove one.',
    example: '<!-- handrail on=a on=b -->',
  },
  HR6105: {
    severity: error,
    title: 'the value of an option cannot be used',
    explanation: 'Each option takes values of one type.',
    hint: 'Write a value of the type that is named.',
    example: 'timeout=ten        (wrong)\ntimeout=10m        (right)',
  },
  HR6106: {
    severity: error,
    title: 'the language of a fence is missing',
    explanation: 'The language comes first in the info string, so that highlighting works everywhere.',
    hint: 'Write the language, then the verb: `sh run`.',
    example: '```run        (wrong)\n```sh run     (right)',
  },
  HR6107: {
    severity: error,
    title: 'a verb does not go with its language',
    explanation: 'Some verbs are for some languages only: `edit` for structured files, `cel` for probes.',
    hint: 'Use a language that is named.',
    example: '```sh edit path=/etc/x        (wrong)\n```ini edit path=/etc/x       (right)',
  },
  HR6108: {
    severity: error,
    title: 'no interpreter for a language',
    explanation:
      '`sh`, `http` and `cel` are built in; any other language is read by the command that `interpreters:` names.',
    hint: 'Add the language to `interpreters:` in the front matter.',
    example: '```python run        (with no `interpreters: { python: python3 - }`)',
  },
  HR6109: {
    severity: error,
    title: 'options on a fence without a verb',
    explanation: 'A fence without a verb is documentation; options on it would silently do nothing.',
    hint: 'Add the verb behind the language, or remove the options.',
    example: '```sh path=/etc/x        (wrong)',
  },
  HR6110: {
    severity: error,
    title: 'capture on an action',
    explanation:
      'A captured value is asked for again whenever it is needed, so only a probe, which changes nothing, can give one.',
    hint: 'Capture in a `check` or `verify`.',
    example: '```sh run capture=token        (wrong)\n```sh check capture=token      (right)',
  },
} as const satisfies Record<string, CodeEntry>
