import type { FormSpec } from '../../../src/tui/form-spec.ts'
import type { Corrections, CorrectionView } from '../../../src/tui/run-client.ts'

const FORM: FormSpec = {
  title: 'Install Cassandra in two datacenters',
  fields: [
    { name: 'cluster', type: 'ident', initial: 'prod-eu', isSecret: false, isNew: false },
    {
      name: 'version',
      type: 'version',
      initial: '5.0.4',
      help: 'Pinned version; used by three steps',
      isSecret: false,
      isNew: false,
    },
  ],
  validate: ({ version = '' }) =>
    /^\d+\.\d+\.\d+$/.test(version) ? {} : { version: 'a version such as 5.0.4' },
}

const VIEW: CorrectionView = {
  changes: [
    {
      title: 'Install packages',
      kind: 'changed',
      diff: `--- install
+++ install
@@ -1,3 +1,3 @@
 disruptive serial on db3, db4
-apt-get install -y cassandra=5.0.4 cassandra-tools=5.0.4
+apt-get install -y cassandra=5.0.5 cassandra-tools=5.0.5
 apt-mark hold cassandra`,
    },
    { title: 'Add the package repository', kind: 'changed after it ran' },
  ],
}

/** Corrections of a run without files; a version that is no number cannot be planned. */
export const FAKE_CORRECTIONS: Corrections = {
  openForm: async () => FORM,
  look: async ({ version }) =>
    version === '0.0.0'
      ? { problem: 'it cannot be planned like this', details: ['there is no release 0.0.0'] }
      : VIEW,
}
