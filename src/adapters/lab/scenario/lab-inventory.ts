import { stringify } from 'yaml'
import type { Scenario } from './load-scenario.ts'

/** Where the hosts of a lab are, for a tool that wants to log in. */
export type LabAccess = {
  readonly user: string
  readonly identity: string
  readonly knownHosts: string
  readonly address: string
  /** SSH ports by host name. */
  readonly ports: Readonly<Record<string, number>>
  /** Files with the lab-only secrets, by name. */
  readonly secrets: Readonly<Record<string, string>>
}

/** The inventory that a tool uses for a scenario: the scenario's own, reached on loopback. */
export function formatLabInventory(scenario: Scenario, access: LabAccess): string {
  const { inventory } = scenario
  const { user, identity, knownHosts, address, ports } = access
  const secrets = { ...inventory.secrets }
  for (const [name, file] of Object.entries(access.secrets)) secrets[name] = { file }
  const generated = {
    ...inventory,
    // Of its own: what was finished on one lab says nothing about another.
    name: `lab-${scenario.name}`,
    environment: { name: `lab:${scenario.name}`, level: 'lab' },
    connection: { user, identity, knownHosts },
    hosts: inventory.hosts.map((host) => ({ ...host, ssh: { host: address, port: ports[host.name] } })),
    secrets,
  }
  return `# Made by handrail lab for the scenario ${scenario.name}; made anew with every start.\n${stringify(generated)}`
}
