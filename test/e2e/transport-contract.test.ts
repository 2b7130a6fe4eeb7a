import { existsSync } from 'node:fs'
import { describeTransportContract } from './transport-contract.ts'
import { buildHost, sshdMissing, startSshd } from './support/sshd.ts'
import { buildTransportFixture } from './support/transport-fixture.ts'

const missing = sshdMissing()
const absent = missing === undefined ? {} : { missing }

describeTransportContract('the local transport', { tellsSignals: true }, async () => {
  const fixture = buildTransportFixture()
  return { session: await fixture.connect(buildHost('local', {})), stop: fixture.stop }
})

describeTransportContract('the ssh2 transport', { tellsSignals: true, ...absent }, async () => {
  const sshd = await startSshd()
  const fixture = buildTransportFixture()
  const stop = async () => {
    await fixture.stop()
    await sshd.stop()
  }
  return { session: await fixture.connect(sshd.host()), stop }
})

const noSsh = missing ?? (existsSync('/usr/bin/ssh') ? undefined : 'no ssh program')
describeTransportContract(
  'the openssh transport',
  { tellsSignals: false, ...(noSsh === undefined ? {} : { missing: noSsh }) },
  async () => {
    const sshd = await startSshd()
    const fixture = buildTransportFixture()
    const stop = async () => {
      await fixture.stop()
      await sshd.stop()
    }
    return { session: await fixture.connect(sshd.host('one', { transport: 'openssh' })), stop }
  },
)
