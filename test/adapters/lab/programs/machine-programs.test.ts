import { describe, expect, it } from 'vitest'
import { bringUp, configure, createTestLab, HOME, SIX } from '../lab-builder.ts'
import { createRunner } from '../run-program.ts'
import type { RunOptions } from '../run-program.ts'

const HOST = SIX[0]

type Row = [
  string,
  readonly string[],
  RunOptions,
  { code: number; out?: string | RegExp; err?: string | RegExp },
]

const ROWS: Row[] = [
  [
    'Java tells its version on standard error',
    ['/opt/jre/bin/java', '-version'],
    {},
    { code: 0, out: '', err: /^java version "1\.8\.0_202"\nJava\(TM\) SE Runtime Environment/ },
  ],
  ['Python 2 does too', ['python2.7', '-V'], {}, { code: 0, out: '', err: 'Python 2.7.18\n' }],
  ['Python 3 does not', ['python3', '-V'], {}, { code: 0, out: 'Python 3.9.18\n', err: '' }],
  [
    'the clock is in step',
    ['timedatectl', 'show', '-p', 'NTPSynchronized', '--value'],
    {},
    { code: 0, out: 'yes\n' },
  ],
  [
    'chrony tells the offset',
    ['chronyc', 'tracking'],
    {},
    { code: 0, out: /^System time {5}: 0\.000012000 seconds slow of NTP time$/m },
  ],
  ['addresses in brief', ['ip', '-br', 'addr'], {}, { code: 0, out: /^eth0 +UP +192\.168\.10\.1\/24 $/m }],
  ['openssl has a version', ['openssl', 'version'], {}, { code: 0, out: /^OpenSSL 1\.1\.1/ }],
  ['swap is off already', ['swapon', '--show'], {}, { code: 0, out: '' }],
  ['only root turns swap off', ['swapoff', '-a'], {}, { code: 1, err: 'swapoff: Not superuser.\n' }],
  ['sysctl reads', ['sysctl', '-n', 'vm.max_map_count'], {}, { code: 0, out: '65530\n' }],
  [
    'sysctl writes as root',
    ['sysctl', '-w', 'vm.max_map_count=1048575'],
    { user: 'root' },
    { code: 0, out: 'vm.max_map_count = 1048575\n' },
  ],
  [
    'sysctl knows what is missing',
    ['sysctl', 'no.such'],
    {},
    { code: 255, err: /cannot stat \/proc\/sys\/no\/such/ },
  ],
  [
    'tar wants its archive',
    ['tar', '-xzf', '/nope.tar.gz'],
    {},
    { code: 2, err: /Cannot open: No such file or directory/ },
  ],
  [
    'tar wants its directory',
    ['tar', '-xzf', '/opt/stage/apache-cassandra-2.2.8-bin.tar.gz', '-C', '/nope'],
    {},
    { code: 2, err: /\/nope: Cannot open/ },
  ],
  [
    'tar refuses other files',
    ['tar', '-xzf', '/opt/jre/release'],
    {},
    { code: 2, err: /not in gzip format/ },
  ],
  [
    'a missing unit',
    ['systemctl', 'start', 'nope'],
    { user: 'root' },
    { code: 5, err: 'Failed to start nope.service: Unit nope.service not found.\n' },
  ],
  ['an inactive unit', ['systemctl', 'is-active', 'cassandra'], {}, { code: 3, out: 'inactive\n' }],
  [
    'units are for root',
    ['systemctl', 'start', 'cassandra'],
    {},
    { code: 4, err: /Interactive authentication required/ },
  ],
]

describe('the programs of a machine', () => {
  it.each(ROWS)('%s', async (_, command, options, expected) => {
    const run = createRunner(createTestLab('2.2.8'))
    const result = await run(HOST, command, options)
    expect(result.code).toBe(expected.code)
    if (expected.out !== undefined) expect(result.out).toMatch(toPattern(expected.out))
    if (expected.err !== undefined) expect(result.err).toMatch(toPattern(expected.err))
  })

  it('show a clock that is wrong', async () => {
    const lab = createTestLab('2.2.8')
    const run = createRunner(lab)
    lab.cluster.clockSkew(HOST, 2500)
    expect((await run(HOST, ['timedatectl', 'show', '-p', 'NTPSynchronized', '--value'])).out).toBe('no\n')
    expect((await run(HOST, ['chronyc', 'tracking'])).out).toContain('2.500012000 seconds fast of NTP time')
  })

  it('list what a node listens on, with its addresses', async () => {
    const lab = createTestLab('2.2.8')
    const run = createRunner(lab)
    bringUp(lab, [HOST])
    const { out } = await run(HOST, ['ss', '-ltn'])
    expect([...out.matchAll(/^LISTEN +0 +128 +(\S+)/gm)].map((match) => match[1])).toEqual([
      '192.168.10.1:7000',
      '127.0.0.1:7199',
      '192.168.10.1:9042',
    ])
    expect(lab.host(HOST).handle.ports()).toEqual([7000, 9042])
    lab.cluster.stopNode(HOST)
    expect(lab.host(HOST).handle.ports()).toEqual([])
  })

  it('keep a forgotten rpc_address on the loopback address, where another host is refused', async () => {
    const lab = createTestLab('2.2.8')
    const run = createRunner(lab)
    lab.install(HOST)
    configure(lab, HOST)
    lab.edit(HOST, 'cassandra.yaml', (text) => text.replace(/^rpc_address:.*\n/m, ''))
    lab.start(HOST)
    lab.pass(60)
    lab.host(HOST).fs.writeProgram(`${HOME}/bin/cqlsh`, '/usr/libexec/practice/cqlsh')
    const login = ['-u', 'cassandra', '-p', 'cassandra', '-e', 'SELECT key FROM system.local']
    const refused = await run(HOST, [`${HOME}/bin/cqlsh`, ...login, '192.168.10.1'])
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Connection refused') })
    expect(await run(HOST, [`${HOME}/bin/cqlsh`, ...login])).toMatchObject({ code: 0 })
  })
})

describe('keytool', () => {
  it('makes a key, has it signed by another, and lists the stores', async () => {
    const run = createRunner(createTestLab('2.2.8'))
    const keytool = (...args: string[]) => run(HOST, ['/opt/jre/bin/keytool', ...args])
    const ca = ['-keystore', '/ca.jks', '-storepass', 'one'] as const
    const node = ['-keystore', '/node.jks', '-storepass', 'two'] as const
    expect(await keytool('-genkeypair', '-alias', 'ca', '-dname', 'CN=CA', ...ca)).toMatchObject({ code: 0 })
    expect(await keytool('-genkeypair', '-alias', 'node', '-dname', 'CN=node1', ...node)).toMatchObject({
      code: 0,
    })
    await keytool('-exportcert', '-alias', 'ca', '-file', '/ca.pem', ...ca)
    await keytool('-certreq', '-alias', 'node', '-file', '/node.csr', ...node)
    await keytool('-gencert', '-alias', 'ca', '-infile', '/node.csr', '-outfile', '/node.pem', ...ca)
    const early = await keytool('-importcert', '-alias', 'node', '-file', '/node.pem', ...node)
    expect(early).toMatchObject({
      code: 1,
      out: 'keytool error: java.lang.Exception: Failed to establish chain from reply\n',
    })
    expect(
      await keytool('-importcert', '-noprompt', '-alias', 'ca', '-file', '/ca.pem', ...node),
    ).toMatchObject({ code: 0 })
    expect(await keytool('-importcert', '-alias', 'node', '-file', '/node.pem', ...node)).toMatchObject({
      code: 0,
    })
    const listed = await keytool('-list', ...node)
    expect(listed.out).toMatch(/^node, 2017-05-06, PrivateKeyEntry, $/m)
    expect(listed.out).toMatch(
      /^ca, 2017-05-06, trustedCertEntry, \nCertificate fingerprint \(SHA-256\): ([0-9A-F]{2}:){31}[0-9A-F]{2}$/m,
    )
    expect(await keytool('-list', '-keystore', '/node.jks', '-storepass', 'no')).toMatchObject({
      code: 1,
      out: 'keytool error: java.io.IOException: keystore password was incorrect\n',
    })
  })
})

describe('bin/cassandra', () => {
  const refusals: [string, string, RunOptions, string][] = [
    [
      'as root since 3.x',
      '3.11.4',
      { user: 'root' },
      'Running Cassandra as root user or group is not recommended',
    ],
    [
      'on a Java that is too new',
      '2.2.8',
      { env: { JAVA_HOME: '/opt/jre17' } },
      "Unrecognized VM option 'UseParNewGC'",
    ],
    [
      'on a Java that is too old',
      '5.0.2',
      { env: { JAVA_HOME: '/opt/jre8' } },
      'Unsupported Java 8. Supported are 11,17',
    ],
    ['without Java', '2.2.8', { env: { JAVA_HOME: '/nope' } }, 'Unable to find java executable.'],
  ]
  it.each(refusals)('refuses to start %s', async (_, version, options, err) => {
    const lab = createTestLab(version)
    const run = createRunner(lab)
    const { fs } = lab.host(HOST)
    for (const [home, java] of [
      ['/opt/jre8', '1.8.0_202'],
      ['/opt/jre17', '17.0.9'],
    ] as const) {
      fs.writeFile(`${home}/release`, `JAVA_VERSION="${java}"\n`)
      fs.writeProgram(`${home}/bin/java`, '/usr/libexec/practice/java')
    }
    await run(HOST, ['tar', '-xzf', `/opt/stage/apache-cassandra-${version}-bin.tar.gz`, '-C', '/opt'], {
      user: 'root',
    })
    const result = await run(HOST, [`/opt/apache-cassandra-${version}/bin/cassandra`], options)
    expect(result.code).toBe(1)
    expect(result.err).toContain(err)
  })

  it('starts once, writes its pid, and ends with its process', async () => {
    const lab = createTestLab('2.2.8')
    const run = createRunner(lab)
    lab.install(HOST)
    configure(lab, HOST)
    const program = `${HOME}/bin/cassandra`
    lab.host(HOST).fs.writeProgram(program, '/usr/libexec/practice/cassandra')
    expect(await run(HOST, [program, '-p', '/run/c.pid'])).toEqual({ code: 0, out: '', err: '' })
    const again = await run(HOST, [program])
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('Port already in use: 7199') })
    lab.pass(60)
    const [process] = lab.host(HOST).handle.processes()
    expect(process).toMatchObject({
      user: 'cassandra',
      command: expect.stringContaining('org.apache.cassandra.service.CassandraDaemon'),
    })
    expect(lab.host(HOST).fs.readFile('/run/c.pid')).toEqual({ ok: true, value: `${process.pid}\n` })
    lab.host(HOST).handle.signalProcess(process.pid, 'KILL')
    expect(lab.cluster.describe().nodes[HOST]).toMatchObject({ running: false, status: 'DN' })
  })

  it('stays in the foreground with -f, and ends with 3 where its checks end it', async () => {
    const lab = createTestLab('2.2.8')
    const run = createRunner(lab)
    lab.install(HOST)
    configure(lab, HOST)
    lab.edit(HOST, 'cassandra-rackdc.properties', () => '')
    lab.host(HOST).fs.writeProgram(`${HOME}/bin/cassandra`, '/usr/libexec/practice/cassandra')
    const result = await run(HOST, [`${HOME}/bin/cassandra`, '-f'])
    expect(result).toMatchObject({
      code: 3,
      err: expect.stringContaining('DC or rack not found in snitch properties'),
    })
    expect((await run(HOST, ['systemctl', 'status', 'cassandra'])).out).toContain(
      'Active: failed (Result: exit-code)',
    )
  })

  it('cannot start where its user may not write the data', async () => {
    const lab = createTestLab('2.2.8')
    lab.install(HOST)
    configure(lab, HOST)
    lab.host(HOST).fs.locked.add(`${HOME}/data`)
    lab.start(HOST)
    lab.pass(30)
    expect(lab.cluster.describe().nodes[HOST].failure).toBe(
      `Insufficient permissions on directory ${HOME}/data/data`,
    )
  })
})

function toPattern(text: string | RegExp): RegExp {
  return typeof text === 'string' ? new RegExp(`^${text.replaceAll(/[^\w\s]/g, '\\$&')}$`) : text
}
