import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listScenarios, loadScenario } from '../../../../src/adapters/lab/scenario/load-scenario.ts'
import { parseScenario } from '../../../../src/adapters/lab/scenario/parse-scenario.ts'
import { startLab } from '../../../../src/adapters/lab/scenario/start-lab.ts'

const FOLDER = join(import.meta.dirname, '../../../../runbooks/lab')

describe('the shipped scenarios', async () => {
  const entries = await listScenarios([FOLDER])
  it.each(entries.map(({ name }) => name))('%s begins as it says', async (name) => {
    const scenario = await loadScenario(name, [FOLDER])
    const lab = await startLab({ scenario })
    const { nodes } = lab.cluster.describe()
    const started = scenario.data.state?.started ?? []
    expect(Object.keys(nodes).filter((node) => nodes[node]?.status === 'UN')).toEqual(started.toSorted())
    // What is not there yet has no key yet; anything else is a mistake in the goal.
    const mistakes = lab.checkGoals().flatMap(({ reason }) => reason ?? [])
    expect(mistakes.filter((reason) => !reason.startsWith('No such key'))).toEqual([])
    if (scenario.data.goals.length > 0) expect(lab.checkGoals().every(({ met }) => met)).toBe(false)
    await lab.stop()
  })

  it('comes back as it was left', async () => {
    const scenario = await loadScenario('system-auth', [FOLDER])
    const first = await startLab({ scenario })
    first.cluster.stopNode('dc1-cass2')
    const saved = JSON.parse(JSON.stringify(first.snapshot()))
    await first.stop()
    const second = await startLab({ scenario, saved })
    expect(second.ports).toEqual(first.ports)
    expect(second.knownHosts).toBe(first.knownHosts)
    const { nodes } = second.cluster.describe()
    expect(Object.values(nodes).map(({ status }) => status)).toEqual(['UN', 'DN', 'UN', 'UN', 'UN', 'UN'])
    await second.stop()
  })
})

describe('a scenario with mistakes', () => {
  it.each([
    ['lab: 2', 1, 'lab'],
    ['lab: 1\ntitle: x\nfaults:\n  - fault: { kind: burn, host: a }', 4, 'faults.0.fault.kind'],
    ['lab: [', 1, ''],
  ])('%j is reported at its line', (text, line, place) => {
    const { value, diagnostics } = parseScenario(text, 's.yaml')
    expect(value).toBeUndefined()
    expect(diagnostics.some((each) => each.line === line && each.message.includes(place))).toBe(true)
  })
})
