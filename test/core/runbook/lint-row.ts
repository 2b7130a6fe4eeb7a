import { onAll, step } from './parse-builder.ts'

/** Code, a text that triggers it (and only it), where, and a text like it that does not. */
export type LintRow = readonly [code: string, bad: string, at: string, good: string]

export const RUN = '```sh run repeat=safe\na\n```'
export const CHECK = '```sh check\na\n```'
export const front = (...lines: string[]) =>
  `---\nhandrail: 1\n${lines.join('\n')}\n---\n# Title\n## Step\n\`\`\`cel check\ntrue\n\`\`\`\n`
export const info = (words: string, body = 'a') => onAll(`\`\`\`${words}`, body, '```')
export const options = (words: string, ...lines: string[]) => step(`<!-- handrail ${words} -->`, ...lines)
