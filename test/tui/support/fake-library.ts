import type { RunId } from '../../../src/core/base/ids.ts'
import type { Library, StartRequest } from '../../../src/tui/library.ts'
import type { FormSpec, FormValues } from '../../../src/tui/form-spec.ts'
import type { RunClient } from '../../../src/tui/run-client.ts'
import { NOW_MS } from './run-builder.ts'

const FORM: FormSpec = {
  title: 'Install Cassandra in two datacenters',
  fields: [
    {
      name: 'cluster',
      type: 'ident',
      initial: 'prod-eu',
      help: 'Name of the cluster',
      isSecret: false,
      isNew: false,
    },
    {
      name: 'version',
      type: 'version',
      initial: '5.0',
      help: 'Pinned version; used by three steps',
      isSecret: false,
      isNew: false,
    },
    {
      name: 'order',
      type: 'enum',
      choices: ['serial', 'parallel'],
      initial: 'serial',
      isSecret: false,
      isNew: false,
    },
    {
      name: 'admin_password',
      type: 'secret',
      initial: '',
      help: 'Password of the new administrator',
      isSecret: true,
      isNew: true,
    },
  ],
  validate: validateForm,
}

function validateForm(values: FormValues): { readonly [name: string]: string } {
  return {
    ...(/^[a-z-]+$/.test(values['cluster'] ?? '') ? {} : { cluster: 'lower-case letters and dashes only' }),
    ...(/^\d+\.\d+\.\d+$/.test(values['version'] ?? '') ? {} : { version: 'a version such as 5.0.4' }),
    ...((values['admin_password'] ?? '') === '' ? { admin_password: 'is needed' } : {}),
  }
}

/** A library with a little of everything; remembers what was asked of it. */
export class FakeLibrary implements Library {
  readonly started: StartRequest[] = []
  readonly opened: RunId[] = []
  readonly #client: RunClient

  constructor(client: RunClient) {
    this.#client = client
  }

  readonly runbooks: Library['runbooks'] = async () => [
    {
      path: 'runbooks/cassandra.md',
      title: 'Install Cassandra in two datacenters',
      summary: 'Six nodes, TLS, authentication, one node after the other.',
      tags: ['cassandra', 'install'],
      steps: 23,
    },
    {
      path: 'runbooks/nofile.md',
      title: 'Raise the number of open files on the message hosts',
      summary: 'An example of the format.',
      tags: ['linux'],
      steps: 6,
    },
    {
      path: 'runbooks/rotate.md',
      title: 'Rotate the gateway certificates',
      tags: ['tls', 'gateway'],
      steps: 14,
      problem: 'line 41: the fence has no language (HR1203)',
    },
  ]

  readonly runs: Library['runs'] = async () => [
    {
      run: '7k2q-9fpm' as RunId,
      title: 'Install Cassandra in two datacenters',
      status: 'paused',
      inventory: 'prod',
      environment: 'prod-eu',
      level: 'production',
      operator: 'alice',
      startedMs: NOW_MS - 3_600_000,
      lastMs: NOW_MS - 600_000,
      isUnfinished: true,
      waiting: 'Install packages on db3: action 1 ended with exit code 100',
      progress: { done: 5, total: 23 },
    },
    {
      run: '9fzz-20ab' as RunId,
      title: 'Raise the number of open files on the message hosts',
      status: 'open',
      inventory: 'test',
      environment: 'test',
      level: 'test',
      operator: 'bob',
      startedMs: NOW_MS - 3_600_000,
      lastMs: NOW_MS - 30_000,
      isUnfinished: true,
      driver: 'bob',
      progress: { done: 2, total: 6 },
    },
    {
      run: '4kkq-81cc' as RunId,
      title: 'Raise the number of open files on the message hosts',
      status: 'open',
      inventory: 'prod',
      environment: 'prod-eu',
      level: 'production',
      operator: 'alice',
      startedMs: NOW_MS - 7_200_000,
      lastMs: NOW_MS - 7_100_000,
      isUnfinished: true,
      progress: { done: 3, total: 6 },
    },
    {
      run: '3c1d-77aa' as RunId,
      title: 'Rotate the gateway certificates',
      status: 'finished',
      inventory: 'test',
      environment: 'test',
      level: 'test',
      operator: 'bob',
      startedMs: NOW_MS - 90_000_000,
      lastMs: NOW_MS - 86_400_000,
      isUnfinished: false,
    },
  ]

  readonly labs: Library['labs'] = async () => [
    {
      name: 'one-dc',
      title: 'One datacenter whose message hosts are full',
      hosts: 3,
      isUp: true,
      runbook: 'runbooks/nofile.md',
      goals: { reached: 2, total: 7 },
    },
    {
      name: 'two-dc',
      title: 'Two datacenters, six database hosts',
      hosts: 9,
      isUp: false,
      runbook: 'runbooks/cassandra.md',
    },
  ]
  readonly inventories: Library['inventories'] = async () => [
    { path: 'inventories/prod.yaml', name: 'prod', environment: 'prod-eu', level: 'production', hosts: 14 },
    { path: 'inventories/test.yaml', name: 'test', environment: 'test', level: 'test', hosts: 6 },
  ]
  readonly openForm: Library['openForm'] = async (runbook) =>
    runbook === 'runbooks/nofile.md' ? { ...FORM, fields: [], validate: () => ({}) } : FORM
  readonly open: Library['open'] = async (run) => {
    this.opened.push(run)
    return { client: this.#client, how: 'resumed: its runner had ended' }
  }

  readonly start: Library['start'] = async (request) => {
    this.started.push(request)
    return this.#client
  }
}
