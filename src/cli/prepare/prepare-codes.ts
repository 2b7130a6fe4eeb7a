import type { CodePage } from '../../core/base/code-page.ts'

/** Pages of the codes of what a run needs besides its plan. */
export const PREPARE_CODES: readonly CodePage[] = [
  {
    code: 'HR4201',
    title: 'a needed runbook was not finished',
    explanation:
      'The runbook names runbooks under `needs`. One counts as finished when a whole run of a file of that name, on an inventory of the same name, has ended here without failure.',
    hint: 'Run it first, or say why it is not needed with --override-needs REASON.',
    example: 'needs: [01-install.md]',
  },
  {
    code: 'HR4202',
    title: 'a plain document cannot run',
    explanation:
      'A document without `handrail: 1` can be read, but nothing in it is marked as something to run.',
    hint: 'Add the front matter, and verbs to the fences that are to run.',
    example: '---\nhandrail: 1\ntitle: …\n---',
  },
  {
    code: 'HR8001',
    title: 'a scenario or a test file is not of its shape',
    explanation: 'Scenarios of practice hosts and tests of runbooks have fixed keys and types.',
    hint: 'Correct it at the place shown; `handrail lab list` names scenarios to compare with.',
    example: 'faults: link  →  faults: [{ … }]',
  },
]
