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
