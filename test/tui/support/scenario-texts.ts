import type { Digest } from '../../../src/core/base/ids.ts'
import type { CommandText, StepText } from '../../../src/tui/run-client.ts'

const OUTPUT = [
  'Reading package lists...',
  'Building dependency tree...',
  'The following NEW packages will be installed:',
  '  cassandra cassandra-tools',
  'Get:1 http://repo.example/apt 50x/main amd64 cassandra all 5.0.4 [48.1 MB]',
  ...Array.from(
    { length: 30 },
    (_, index) => `Unpacking part ${index + 1} of 30 into /usr/share/cassandra/lib`,
  ),
  '12% [1 cassandra 5.7 MB/48.1 MB]\r78% [1 cassandra 37.5 MB/48.1 MB]',
  'Selecting previously unselected package cassandra.',
  'Preparing to unpack .../cassandra_5.0.4_all.deb ...',
  '',
].join('\n')

const RUN_COMMAND: CommandText = {
  verb: 'run',
  index: 1,
  language: 'sh',
  as: 'root',
  text: 'apt-get install -y cassandra=5.0.4 cassandra-tools=5.0.4\napt-mark hold cassandra cassandra-tools && printf \'%s\\n\' "installed on $(hostname) at $(date -u +%FT%TZ)" >> /var/log/handrail-install.log\n',
}

export const INSTALL_TEXT: StepText = {
  blocks: [
    {
      kind: 'markdown',
      text: 'Installs the pinned Cassandra packages on **all six nodes**, two at a time. The package is *held*, so that nobody upgrades it by accident; see [the vendor page](https://example.com/cassandra).\n\n| package | version |\n|---|---|\n| cassandra | 5.0.4 |\n| cassandra-tools | 5.0.4 |',
    },
    {
      kind: 'alert',
      alert: 'warning',
      text: 'The package starts the service on install. `policy-rc.d` must be in place, or the node joins the ring with default settings.',
    },
    { kind: 'command', command: RUN_COMMAND },
    {
      kind: 'command',
      command: {
        verb: 'verify',
        index: 1,
        language: 'sh',
        text: "dpkg-query -W -f '${Version}' cassandra\n",
        wanted: ['5.0.4'],
        forMs: 60_000,
      },
    },
    {
      kind: 'command',
      command: {
        verb: 'undo',
        index: 1,
        language: 'sh',
        as: 'root',
        text: 'apt-get purge -y cassandra cassandra-tools\n',
      },
    },
  ],
}

const SEED_TEXT: StepText = {
  blocks: [
    {
      kind: 'markdown',
      text: 'Starts the first node. From here on its data directory belongs to the cluster.',
    },
    { kind: 'alert', alert: 'caution', text: 'The datacenter’s name cannot be changed later.' },
    {
      kind: 'command',
      command: { verb: 'run', index: 1, language: 'sh', as: 'root', text: 'systemctl start cassandra\n' },
    },
    {
      kind: 'command',
      command: {
        verb: 'require',
        index: 1,
        language: 'sh',
        text: 'test -d /var/lib/cassandra && ! pgrep -f CassandraDaemon\n',
      },
    },
    {
      kind: 'command',
      command: {
        verb: 'verify',
        index: 1,
        language: 'sh',
        text: 'nodetool status | grep UN\n',
        forMs: 300_000,
      },
    },
  ],
}

const YAML_TEXT: StepText = {
  blocks: [
    {
      kind: 'command',
      command: {
        verb: 'edit',
        index: 1,
        language: 'yaml',
        as: 'root',
        path: '/etc/cassandra/cassandra.yaml',
        text: 'cluster_name: prod-eu\nnum_tokens: 16\n',
      },
    },
  ],
}

const DIFF =
  "--- /etc/cassandra/cassandra.yaml\n+++ /etc/cassandra/cassandra.yaml\n@@ -10,3 +10,3 @@\n # The name of the cluster.\n-cluster_name: 'Test Cluster'\n+cluster_name: 'prod-eu'\n-num_tokens: 256\n+num_tokens: 16\n"
export const DIFF_DIGEST = 'd1ff'.padEnd(64, '0') as Digest
const TEXTS = {
  install: INSTALL_TEXT,
  seed: SEED_TEXT,
  yaml: YAML_TEXT,
  window: {
    blocks: [
      { kind: 'markdown', text: 'Tell the people at the desk.' },
      { kind: 'task', number: 1, text: 'The desk knows' },
      {
        kind: 'command',
        command: {
          verb: 'verify',
          index: 1,
          language: 'sh',
          text: 'change-desk status CHG0042\n',
          wanted: ['state: open'],
        },
      },
    ],
  },
} as const
export const PARTS = { texts: TEXTS, output: OUTPUT, values: { [DIFF_DIGEST]: DIFF } }
