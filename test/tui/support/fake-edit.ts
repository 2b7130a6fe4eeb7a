import type { StepId } from '../../../src/core/base/ids.ts'
import type { PlanChange } from '../../../src/core/run/compare-plans.ts'
import type { EditAnswer, EditedStep, EditReview } from '../../../src/tui/edit-review.ts'
import type { Library } from '../../../src/tui/library.ts'
import type { RunClient } from '../../../src/tui/run-client.ts'

const REPO = `--- repo
+++ repo
@@ -1,4 +1,4 @@
 change first-then-parallel on db1, db2, db3, db4, db5, db6
 run sh
-    add-apt-repository -y https://packages.example.com/cassandra/50x
+    add-apt-repository -y https://mirror.example.com/cassandra/50x
     apt-get update`

const YAML = `--- yaml
+++ yaml
@@ -1,6 +1,7 @@
 change first-then-parallel on db1, db2, db3, db4, db5, db6
 edit yaml /etc/cassandra/cassandra.yaml (0640 cassandra), as root
     cluster_name: prod-eu
-    num_tokens: 256
+    num_tokens: 16
+    allocate_tokens_for_local_replication_factor: 3
     endpoint_snitch: GossipingPropertyFileSnitch`

const FIREWALL = `--- firewall
+++ firewall
@@ -0,0 +1,3 @@
+change first-then-parallel on db1, db2, db3, db4, db5, db6
+run sh, as root
+    ufw allow from 10.1.2.0/24 to any port 7001 proto tcp`

const AUTH = `--- auth
+++ auth
@@ -1,3 +0,0 @@
-irreversible serial on db1
-run cql
-    ALTER KEYSPACE system_auth WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': 3, 'dc2': 3};`

function changed(step: string, title: string, kind: PlanChange['kind'], diff?: string): EditedStep {
  return {
    step: step as StepId,
    title,
    kind,
    isBehind: step === 'firewall',
    ...(diff === undefined ? {} : { diff }),
  }
}

/** An edit with something of everything. */
export const EDIT: EditReview = {
  seen: 'first',
  steps: [
    changed('repo', 'Add the package repository', 'changed after it ran', REPO),
    changed('firewall', 'Open the ports between the nodes', 'added', FIREWALL),
    changed('yaml', 'Write cassandra.yaml', 'changed', YAML),
    changed('join', 'Join the others, one after the other', 'moved'),
    changed('smoke', 'Log in with the application’s account', 'moved'),
    changed('auth', 'Raise the replication of system_auth', 'removed', AUTH),
  ],
  surroundings: ['db3: reached otherwise (port 22 -> 2222)'],
}

/** One step may still be at work, another may change. */
export const HELD_EDIT: EditReview = {
  seen: 'held',
  steps: [
    changed('install', 'Install packages', 'changed while it runs'),
    changed('yaml', 'Write cassandra.yaml', 'changed', YAML),
  ],
  surroundings: [],
}

export const INVENTORY_EDIT: EditReview = {
  seen: 'inventory',
  steps: [],
  surroundings: [
    'db3: reached otherwise (port 22 -> 2222)',
    'the secret cassandra-admin: read from elsewhere',
  ],
}

export const UNPLANNABLE_EDIT: EditReview = {
  seen: 'unplannable',
  steps: [],
  surroundings: [],
  unplannable: [
    'runbooks/cassandra.md:41:4: HR2003: there is no verb `rnu`: did you mean `run`?',
    'runbooks/cassandra.md:88:1: HR5006: this fence is not closed: end it with ```',
  ],
}

/** A run whose files were edited: it is brought up by an answer that is taken. */
export class FakeDoor {
  readonly answers: EditAnswer[] = []
  #edit: EditReview | undefined
  readonly #clients: { readonly looking: RunClient; readonly driving: RunClient }

  constructor(edit: EditReview, clients: { readonly looking: RunClient; readonly driving: RunClient }) {
    this.#edit = edit
    this.#clients = clients
  }

  /** The next answer is met by this; nothing: it is taken. */
  expect(edit: EditReview | undefined): void {
    this.#edit = edit
  }

  readonly open: Library['open'] = async (_, answer) => {
    const { looking, driving } = this.#clients
    if (answer === undefined) return { client: looking, how: '', edit: this.#edit! }
    this.answers.push(answer)
    return this.#edit === undefined
      ? { client: driving, how: 'resumed' }
      : { client: looking, how: '', edit: this.#edit }
  }
}
