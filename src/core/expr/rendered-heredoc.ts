import { analyzeShell } from './shell-context.ts'
import type { RenderedPart, Template, TemplatePart } from './value.ts'

/**
 * Finds an expression whose value ends its here-document: with the text around it on its line it makes the
 * delimiter. `rendered` has one entry for each part of the template.
 */
export function endedHeredoc(
  template: Template,
  rendered: readonly (readonly RenderedPart[])[],
): (TemplatePart & { kind: 'expression' }) | undefined {
  for (const [index, context] of analyzeShell(template).contexts) {
    if (context.kind !== 'heredoc') continue
    const before = rendered.slice(0, index).flat().map(textOf).join('')
    const rest = rendered.slice(index).flat().map(textOf).join('')
    const line = before.slice(before.lastIndexOf('\n') + 1) + (rest.split('\n')[0] ?? '')
    const part = template.parts[index]!
    const ends = (context.stripTabs ? line.replace(/^\t+/, '') : line) === context.delimiter
    if (ends && part.kind === 'expression') return part
  }
  return undefined
}

function textOf(part: RenderedPart): string {
  return typeof part === 'string' ? part : '\ufffc'
}
