import { BugError, UsageError } from '../../../core/base/errors.ts'
import { startOfFile } from '../../../core/base/place.ts'
import { applyEdit } from '../../../core/edit/apply-edit.ts'
import { parseTemplate } from '../../../core/expr/parse-template.ts'
import { renderTemplate } from '../../../core/expr/render-template.ts'
import { displayRendered } from '../../../core/expr/rendered-text.ts'
import { hostScope, inventoryScope } from '../../../core/inventory/inventory-scope.ts'
import type { Inventory } from '../../../core/inventory/model.ts'
import type { ClusterModel } from '../cluster/create-cluster.ts'
import { launchNode } from '../cluster/start-node.ts'
import type { AdjustableClock } from '../host/lab-clock.ts'
import type { LabHost } from '../host/lab-host.ts'
import type { Scenario } from './load-scenario.ts'
import type { ConfFile } from './scenario-schema.ts'

/** What a scenario's initial state is laid out on. */
export type StatePlace = {
  readonly scenario: Scenario
  readonly inventory: Inventory
  readonly hosts: ReadonlyMap<string, LabHost>
  readonly cluster: ClusterModel
  readonly clock: AdjustableClock
}

/** Lab time that a node needs from its start until all others know it, with everything as slow as a real one. */
const SETTLED_MS = 90_000

/** Edits the files of a scenario's installed hosts and starts their nodes so long ago that all has settled. */
export function prepareState(place: StatePlace): void {
  const { state } = place.scenario.data
  if (state === undefined) return
  for (const [name, host] of place.hosts)
    for (const file of state.files) writeConfFile(host, file, { ...place, name })
  const { clock, cluster } = place
  const total = state.started.length * SETTLED_MS
  state.started.forEach((name, index) => {
    clock.skew(index * SETTLED_MS - total)
    startNode(place, name)
    clock.skew((index + 1) * SETTLED_MS - total)
    cluster.advance()
  })
  clock.skew(0)
}

function startNode({ scenario, cluster }: StatePlace, host: string): void {
  const { state, machine } = scenario.data
  const java = machine.javas[machine.unit?.javaHome ?? '']
  if (state === undefined || java === undefined)
    throw new UsageError(`the scenario ${scenario.name} starts nodes, and has no unit with a Java`, [
      'give `machine.unit` and the Java of its `javaHome` under `machine.javas`',
    ])
  const { version, home, owner } = state.installed
  launchNode(cluster.world, { host, home, version, user: owner, java })
}

function writeConfFile(host: LabHost, file: ConfFile, place: StatePlace & { readonly name: string }): void {
  const fs = host.fs()
  if (file.remove === true) {
    fs.remove(file.path)
    return
  }
  const wanted = renderBody(file, place)
  const read = fs.readFile(file.path)
  const text =
    file.edit === undefined
      ? wanted
      : applyEdit({
          language: file.edit,
          path: file.path,
          current: read.ok ? read.value : undefined,
          wanted,
        }).value.text
  const written = fs.writeFile(file.path, text)
  if (!written.ok) throw new BugError(`${place.name}:${file.path} cannot be written: ${written.code}`)
  if (file.owner !== undefined) fs.chown(file.path, { owner: file.owner })
}

function renderBody(file: ConfFile, { scenario, inventory, name }: StatePlace & { name: string }): string {
  const template = parseTemplate(file.body ?? '', startOfFile(scenario.path))
  const scope = { ...inventoryScope(inventory), ...hostScope(inventory, name) }
  const rendered = renderTemplate(template.value, { scope, style: file.edit ?? 'plain', file: scenario.path })
  const [wrong] = [...template.diagnostics, ...(rendered.ok ? [] : rendered.diagnostics)]
  if (wrong !== undefined || !rendered.ok)
    throw new UsageError(`the scenario ${scenario.name} cannot write ${file.path}: ${wrong?.message ?? ''}`, [
      `look at ${scenario.path}`,
    ])
  return displayRendered(rendered.rendered)
}
