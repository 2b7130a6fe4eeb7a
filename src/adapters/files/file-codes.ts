import type { CodePage } from '../../core/base/code-page.ts'

/** Pages of the codes of files that cannot be used as text. */
export const FILE_CODES: readonly CodePage[] = [
  {
    code: 'HR9011',
    title: 'a file cannot be read',
    explanation: 'It is missing, is no regular file, or may not be read by this user.',
    hint: 'Correct the path or the permissions.',
    example: 'rules: [rule.yaml]  →  rules: [rules.yaml]',
  },
  {
    code: 'HR9012',
    title: 'a file is too large',
    explanation: 'Runbooks, inventories and rules are read as a whole; nobody reads one of this size.',
    hint: 'Check that it is the file you meant.',
    example: 'handrail lint disk.img  →  handrail lint disk.md',
  },
  {
    code: 'HR9013',
    title: 'a file is not text',
    explanation: 'It holds a NUL character, or bytes that are not UTF-8.',
    hint: 'Save it as UTF-8.',
    example: 'iconv -f LATIN1 -t UTF-8 old.md > new.md',
  },
  {
    code: 'HR9014',
    title: "a reference leads out of the runbook's folder",
    explanation:
      'A run keeps a copy of all that its runbook refers to; references outside its folder could reach anything on this machine.',
    hint: 'Put the file beside the runbook or below it.',
    example: 'runbook=../../shared.md  →  runbook=shared.md',
  },
]
