import type { ShellContext, ShellFinding } from './shell-model.ts'
import { scanShell } from './shell-scan.ts'
import { joinTemplate } from './template-text.ts'
import type { Template } from './value.ts'

/** What is known of a shell script with expressions in it. */
export type ShellAnalysis = {
  /** By index of the template's part. */
  readonly contexts: ReadonlyMap<number, ShellContext>
  /** Their offsets count in the template's source. */
  readonly findings: readonly ShellFinding[]
}

const analyses = new WeakMap<Template, ShellAnalysis>()

/** Finds where each expression of a shell script stands; worked out once for each template. */
export function analyzeShell(template: Template): ShellAnalysis {
  const known = analyses.get(template)
  if (known !== undefined) return known
  const { text, holes, sourceOffset } = joinTemplate(template)
  const scanned = scanShell(text, new Set(holes.keys()))
  const analysis = {
    contexts: new Map([...scanned.contexts].map(([at, context]) => [holes.get(at)!, context])),
    findings: scanned.findings.map((finding) => ({ ...finding, offset: sourceOffset(finding.offset) })),
  }
  analyses.set(template, analysis)
  return analysis
}
