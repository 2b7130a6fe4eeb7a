import type { Fence, Phase, Runbook, Section, Step } from './model.ts'

type Sectioned = Pick<Runbook, 'sections'>

/** All sections, outer before inner, in document order. */
export function listSections({ sections }: Sectioned): readonly Section[] {
  return sections.flatMap((section) => [section, ...listSections({ sections: section.children })])
}

/** All steps in document order. */
export function listSteps(runbook: Sectioned): readonly Step[] {
  return listSections(runbook).flatMap(({ step }) => step ?? [])
}

/** All phases in document order, outer before inner. */
export function listPhases(runbook: Sectioned): readonly Phase[] {
  return listSections(runbook).flatMap(({ phase }) => phase ?? [])
}

/** All fences, fixtures of phases included, in document order. */
export function listFences(runbook: Sectioned): readonly Fence[] {
  return listSections(runbook).flatMap(({ phase, step }) => [
    ...(phase?.fixtures ?? []),
    ...(step?.fences ?? []),
  ])
}
