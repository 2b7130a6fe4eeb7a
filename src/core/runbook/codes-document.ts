import type { CodeEntry } from './code-entry.ts'

const error = 'error' as const
const warning = 'warning' as const

/** HR50xx: the document as a whole; HR52xx: runbooks that refer to runbooks. */
export const DOCUMENT_CODES = {
  HR5001: {
    severity: error,
    title: 'the file is too large',
    explanation:
      'A runbook is read by people. A file of more than 5 MB is taken for something else and is not parsed.',
    hint: 'Split the document, or move data out of it.',
    example: 'a log file that is given as a runbook',
  },
  HR5002: {
    severity: error,
    title: 'the file is not text',
    explanation:
      'The file holds NUL characters, so it is a binary file or text in another encoding than UTF-8.',
    hint: 'Give a Markdown file in UTF-8.',
    example: 'a picture, or a document in UTF-16',
  },
  HR5003: {
    severity: error,
    title: 'the file is empty',
    explanation: 'There is nothing in the file but blanks.',
    hint: 'Start one with `handrail new`.',
    example: 'a file of 0 bytes',
  },
  HR5004: {
    severity: error,
    title: 'the Markdown cannot be parsed',
    explanation: 'The document is nested so deeply that no parser can follow it.',
    hint: 'Remove the nesting.',
    example: 'a line of many thousands of `>`',
  },
  HR5010: {
    severity: error,
    title: 'the runbook has no title',
    explanation: 'A runbook is listed, confirmed and reported under its title.',
    hint: 'Begin the text with `# Title`, or write `title:` in the front matter.',
    example: '## First section        (wrong)\n\n# Replace a node        (right)',
  },
  HR5011: {
    severity: error,
    title: 'there is more than one title',
    explanation: 'The one `#` heading is the title of the runbook; phases and steps stand below it.',
    hint: 'Make the other headings `##`.',
    example: '# Prepare\n# Change        (wrong)\n\n# Upgrade\n## Prepare\n## Change        (right)',
  },
  HR5012: {
    severity: error,
    title: 'a heading is a step and a phase at once',
    explanation:
      'A heading whose section holds something to do is a step; a heading that holds steps is a phase. With both, nobody can tell what runs first.',
    hint: 'Put what is to be done directly under the outer heading under a heading of its own.',
    example: '## Change\n```sh run\n…\n```\n### Restart\n```sh run\n…\n```        (wrong)',
  },
  HR5013: {
    severity: error,
    title: 'something to do stands outside of a step',
    explanation: 'What runs belongs to a step, and a step begins with a heading below the title.',
    hint: 'Put a `##` heading above it.',
    example: '# Title\n```sh run\n…\n```        (wrong)',
  },
  HR5014: {
    severity: error,
    title: 'an id is given twice',
    explanation:
      'Ids name steps and phases in commands, links and records, so each is unique in its runbook.',
    hint: 'Choose another id.',
    example: '<!-- handrail id=restart -->   … twice',
  },
  HR5016: {
    severity: error,
    title: 'a fence is not closed',
    explanation: 'Everything up to the end of the document would be the body of the fence.',
    hint: 'Close it with a line of the same characters, at least as many as it was opened with.',
    example: '```sh run\nhostname\n        (the closing ``` is missing)',
  },
  HR5017: {
    severity: error,
    title: 'a temporary file serves no step',
    explanation:
      'A `file … temporary` is a fixture: it is written for the probes and actions of its step, or of the steps of its phase. Here there are none.',
    hint: 'Move it into the step, or directly under the heading of the phase, that needs it.',
    example: '## Credentials\n```ini file path=/tmp/x temporary\n…\n```        (and no step below)',
  },
  HR5018: {
    severity: warning,
    title: 'marks in a plain document',
    explanation: 'Without `handrail: 1` in its front matter a document is only shown; nothing in it runs.',
    hint: 'Begin the file with the lines `---`, `handrail: 1`, `---`.',
    example: '# Title\n## Step\n```sh run\n…\n```        (no front matter)',
  },
  HR5019: {
    severity: warning,
    title: 'the runbook holds no step',
    explanation: 'The document says that it is a runbook, but nothing in it is marked to be done.',
    hint: 'Mark a fence with a verb (`sh run`, `sh check`), or remove `handrail: 1`.',
    example: '---\nhandrail: 1\n---\n# Title\nOnly prose.',
  },
  HR5201: {
    severity: error,
    title: 'the runbook that is referred to is not there',
    explanation: 'The path of `runbook=` is taken relative to the runbook that holds it.',
    hint: 'Correct the path.',
    example: '<!-- handrail runbook=missing.md -->',
  },
  HR5202: {
    severity: error,
    title: 'the runbook that is referred to has no such phase',
    explanation: 'What follows `#` in `runbook=` is the id of a phase of that runbook.',
    hint: 'Use the id of one of its phases.',
    example: '<!-- handrail runbook=06-replicate.md#no-such-phase -->',
  },
  HR5203: {
    severity: error,
    title: 'runbooks refer to each other in a circle',
    explanation: 'A runbook that runs itself, directly or through others, would never end.',
    hint: 'Remove one of the references.',
    example: 'a.md: <!-- handrail runbook=b.md -->\nb.md: <!-- handrail runbook=a.md -->',
  },
  HR5204: {
    severity: error,
    title: 'a parameter has another type in the runbook that is called',
    explanation: 'A parameter of the same name is shared with the caller, so it has the same type in both.',
    hint: 'Rename one of the two, or give both the same type.',
    example: 'caller: nofile: { type: int }\ncalled: nofile: { type: string }',
  },
  HR5205: {
    severity: error,
    title: 'two steps have the same id once runbooks are put in place',
    explanation: 'Ids of a runbook that is called are prefixed by the id of the calling section.',
    hint: 'Give the calling section, or the step in the way, another id.',
    example: 'a section `deps` that calls a runbook with the step `install`, and a step with id=deps.install',
  },
  HR5206: {
    severity: error,
    title: 'the document that is referred to is not a runbook',
    explanation: 'It has no `handrail: 1`, so nothing in it can run.',
    hint: 'Refer to a runbook, or link to the document in the prose.',
    example: '<!-- handrail runbook=README.md -->',
  },
  HR5207: {
    severity: error,
    title: 'too many steps',
    explanation:
      'A runbook with all that it calls may have 10,000 steps; more is a mistake in the references.',
    hint: 'Split the run.',
    example: 'runbooks that each call the next one twice, fourteen times over',
  },
} as const satisfies Record<string, CodeEntry>
