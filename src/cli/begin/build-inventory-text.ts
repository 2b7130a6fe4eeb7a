/** What `handrail init` asks for. */
export type InventoryAnswers = {
  readonly name: string
  readonly datacenters: readonly string[]
  readonly racks: readonly string[]
  readonly hosts: readonly HostAnswer[]
  readonly roles: readonly string[]
  readonly user: string
}

/** A host as it was typed: its name or SSH alias, and its address where that is not what to dial. */
export type HostAnswer = { readonly name: string; readonly dc: string; readonly address?: string }

/** Writes an inventory with comments, for a person to go on with. */
export function buildInventoryText(answers: InventoryAnswers): string {
  const { name, datacenters, racks, roles, user } = answers
  const list = `[${racks.join(', ')}]`
  return `# What there is: datacenters, hosts, and the facts that runbooks read. Written by handrail init; it is yours now.
#   handrail inventory FILE   validates it      handrail doctor -i FILE   tries every host
handrail: 1

# Runs are remembered under this name.
name: ${quote(name)}

# level: lab, test or production. A production inventory asks for its name at the start of each run.
environment: { name: ${quote(name)}, level: test }

# Facts of your own, for expressions: {{ inventory.vars.… }}.
vars: {}

# How to log in. A host name that is an alias in your SSH configuration is resolved as ssh does it.
connection:${user === '' ? ' {}' : `\n  user: ${quote(user)}`}
  # jump: bastion.example.com
  # sudo: { password: "secret:sudo" }

datacenters:
${datacenters.map((dc) => `  - { name: ${quote(dc)}${racks.length === 0 ? '' : `, racks: ${list}`} }\n`).join('')}
# Work is done in the order of this list. A role may have flags: { cassandra: { seed: true } }.
hosts:
${answers.hosts.map((host, index) => formatHost(host, { rack: rackOf(answers, index), roles })).join('')}
# Where secrets come from: { prompt: … }, { env: … }, { file: … }, { keychain: … } or { command: … }.
secrets: {}

# Files with rules that are evaluated before any host is touched.
rules: []
`.replace('connection: {}\n  # jump', 'connection:\n  # identity: ~/.ssh/id_ed25519\n  # jump')
}

function formatHost(
  { name, dc, address }: HostAnswer,
  { rack, roles }: { readonly rack: string | undefined; readonly roles: readonly string[] },
): string {
  const parts = [
    `name: ${quote(name)}`,
    `dc: ${quote(dc)}`,
    ...(rack === undefined ? [] : [`rack: ${quote(rack)}`]),
    ...(address === undefined ? [] : [`address: { private: ${quote(address)} }`]),
    `roles: { ${roles.map((role) => `${role}: {}`).join(', ')} }`,
  ]
  return `  - { ${parts.join(', ')} }\n`
}

/** Hosts of a datacenter are spread over its racks in turn. */
function rackOf({ hosts, racks }: InventoryAnswers, index: number): string | undefined {
  const before = hosts.slice(0, index).filter(({ dc }) => dc === hosts[index]?.dc).length
  return racks.length === 0 ? undefined : racks[before % racks.length]
}

/** Plain where YAML would read the same text. */
function quote(text: string): string {
  return /^[A-Za-z][\w.-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text)
}
