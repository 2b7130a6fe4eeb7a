import type { LabDirectory } from '../../adapters/lab/process/lab-directory.ts'
import type { Scenario } from '../../adapters/lab/scenario/load-scenario.ts'

/** A lab with the places of its files; it need not be up. */
export type LabPlace = {
  readonly scenario: Scenario
  readonly directory: LabDirectory
  readonly socketPath: string
  readonly stateDirectory: string
}

/** A lab that is up. */
export type OpenLab = LabPlace & { readonly pid: number; readonly wasUp: boolean }
