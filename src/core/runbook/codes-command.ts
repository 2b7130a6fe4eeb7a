import type { CodeEntry } from './code-entry.ts'

const error = 'error' as const
const warning = 'warning' as const

/** HR70xx: what stands in a command and cannot be meant; HR71xx: what a careful author would add. Shell text: HR11xx. */
export const COMMAND_CODES = {
  HR7004: {
    severity: error,
    title: 'a prompt in a command',
    explanation: 'A line that begins with `$ ` is a transcript; a shell would look for a program called `$`.',
    hint: 'Remove the prompt, and put the output into an `expect`.',
    example: '$ hostname        (wrong)\nhostname          (right)',
  },
  HR7005: {
    severity: error,
    title: 'there is nothing in the fence',
    explanation: 'An empty command succeeds without doing anything.',
    hint: 'Write the command, or remove the fence.',
    example: '```sh run\n```',
  },
  HR7101: {
    severity: warning,
    title: 'nothing proves that a step has worked',
    explanation:
      'A `run` that is neither checked nor verified is never repeated without a person’s decision, and its exit code is all that is known of it.',
    hint: 'Add a `check` or `verify` to the step, or `repeat=safe` if running it twice does no harm.',
    example: '```sh run\nsystemctl restart x\n```        (alone in its step)',
  },
} as const satisfies Record<string, CodeEntry>
