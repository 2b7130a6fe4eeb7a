import type { CodePage } from '../base/code-page.ts'

/** Pages of the codes of selectors, inventories and rules. */
export const INVENTORY_CODES: readonly CodePage[] = [
  {
    code: 'HR2001',
    title: 'a selector does not parse',
    explanation:
      'A selector joins names of hosts, roles, datacenters, racks and tags with and, or, not and parentheses.',
    hint: 'Correct it at the place shown.',
    example: 'on="db1, db2"  →  on="db1 or db2"',
  },
  {
    code: 'HR2002',
    title: 'an unknown target',
    explanation: 'No host, role, flag, datacenter, rack or tag of this inventory has this name.',
    hint: '`handrail inventory INV` lists the names.',
    example: 'on=mesage  →  on=message',
  },
  {
    code: 'HR2003',
    title: 'an ambiguous flag',
    explanation: 'A flag may be written without its role only where one role has it.',
    hint: 'Write role.flag.',
    example: 'on=seed  →  on=cassandra.seed',
  },
  {
    code: 'HR2010',
    title: 'a file is no valid YAML',
    explanation: 'Inventories and rule files are YAML.',
    hint: 'Correct it at the place shown; mind the indentation.',
    example: 'hosts: [{ name: db1 }',
  },
  {
    code: 'HR2011',
    title: 'an inventory has a wrong shape',
    explanation:
      'Unknown keys are errors, since a misspelt one would silently do nothing; values have one type.',
    hint: 'Correct the key or value; the suggestion says what is near.',
    example: 'hosts: [{ name: db1, adress: … }]  →  address',
  },
  {
    code: 'HR2012',
    title: 'the format version is missing or unknown',
    explanation: 'An inventory says which version of the format it is written in.',
    hint: 'Write `handrail: 1` as its first line.',
    example: 'handrail: 1',
  },
  {
    code: 'HR2013',
    title: 'one name for two things',
    explanation:
      'A selector names hosts, roles, datacenters, racks and tags alike, so one name means one kind of thing, and hosts and datacenters are listed once. A rack may recur in several datacenters.',
    hint: 'Rename one of them.',
    example: 'hosts: [{ name: message, roles: { message: {} } }]  →  name: msg1',
  },
  {
    code: 'HR2014',
    title: 'a reserved name',
    explanation: 'and, or, not, local, all, peer and other-dc have a meaning of their own.',
    hint: 'Choose another name.',
    example: 'hosts: [{ name: local }]',
  },
  {
    code: 'HR2015',
    title: 'a datacenter or rack that does not exist',
    explanation: 'A host stands in a datacenter and a rack that are listed under `datacenters`.',
    hint: 'Correct the name, or list it.',
    example: 'hosts: [{ name: db1, dc: DC1, rack: RACK9 }]',
  },
  {
    code: 'HR2016',
    title: 'a password in the inventory',
    explanation: 'An inventory is kept in version control; it refers to secrets by name.',
    hint: 'Write "secret:NAME" and say under `secrets` where it comes from.',
    example: 'sudo: { password: hunter2 }  →  sudo: { password: "secret:sudo" }',
  },
  {
    code: 'HR2017',
    title: 'an unknown secret',
    explanation: 'Every secret:NAME refers to an entry under `secrets`.',
    hint: 'Correct the name, or add the entry.',
    example: 'secrets: { sudo: { prompt: "sudo password" } }',
  },
  {
    code: 'HR2018',
    title: 'no date',
    explanation: 'A waiver holds until a day, written as YYYY-MM-DD.',
    hint: 'Write the last day it holds.',
    example: 'until: 2030-12-31',
  },
  {
    code: 'HR2019',
    title: 'two hosts are one machine',
    explanation: 'Two hosts with the same address, port and jump host would be worked on as two and be one.',
    hint: 'Correct an address, or list the machine once with both roles.',
    example:
      'hosts: [{ name: a, address: { private: 192.0.2.1 } }, { name: b, address: { private: 192.0.2.1 } }]',
  },
  {
    code: 'HR2101',
    title: 'a rule has a wrong shape',
    explanation:
      'A rule has id, assert, message and source, and may have severity, runbooks, each and waivable.',
    hint: 'Correct the key or value.',
    example: '- { id: X01, assert: "…", message: "…", source: "Guide, page 3" }',
  },
  {
    code: 'HR2102',
    title: 'a rule is not kept',
    explanation:
      'Rules are checked against the inventory before any host is touched. Each names the sentence of the documentation that it enforces. An error blocks the runbooks that the rule is for.',
    hint: 'Change the inventory; or waive the rule with a reason and a date.',
    example: 'waive: [{ rule: X01, reason: "migration", by: "name", until: 2030-12-31 }]',
  },
  {
    code: 'HR2103',
    title: 'a waiver that does nothing',
    explanation: 'It names a rule that does not exist or cannot be waived, or its date has passed.',
    hint: 'Delete it, or give it a new date with a reason.',
    example: 'waive: [{ rule: X01, until: 2020-01-01, … }]',
  },
]
