import { readFileSync } from 'node:fs'
import ssh2 from 'ssh2'
import type { Session, Transport } from '../src/engine/ports/transport.ts'
import type { Host } from '../src/core/inventory/model.ts'
import { quantile } from './figure.ts'

/** Milliseconds per warm exec of `true`, by percentile. */
export type ExecTimes = { readonly p50Ms: number; readonly p95Ms: number }

export type TransportMeasure = {
  readonly host: string
  readonly connectMs: number
  readonly ours: ExecTimes
  /** The same exec on a bare ssh2 client with its delay off and an early end of input. */ readonly rawSsh2: ExecTimes
}

const ROUNDS = 100
const WARM_UP = 10

/** Measures connecting and warm execs through our transport and through bare ssh2, one host after the other. */
export async function measureTransport(
  transport: Transport,
  hosts: readonly Host[],
): Promise<TransportMeasure[]> {
  const measures: TransportMeasure[] = []
  for (const host of hosts) {
    const began = performance.now()
    const connected = await transport.connect(host, {})
    if (!connected.ok) throw new Error(connected.failure.message)
    const connectMs = performance.now() - began
    const ours = await measure(() => runOurs(connected.session))
    const client = await connectRaw(host)
    const rawSsh2 = await measure(() => runRaw(client))
    client.end()
    measures.push({ host: host.name, connectMs, ours, rawSsh2 })
  }
  return measures
}

async function measure(once: () => Promise<void>): Promise<ExecTimes> {
  for (let i = 0; i < WARM_UP; i++) await once()
  const times: number[] = []
  for (let i = 0; i < ROUNDS; i++) {
    const began = performance.now()
    await once()
    times.push(performance.now() - began)
  }
  return { p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95) }
}

async function runOurs(session: Session): Promise<void> {
  const outcome = await session.exec({ input: 'true\n' }).outcome
  if (outcome.kind !== 'exited' || outcome.code !== 0) throw new Error(JSON.stringify(outcome))
}

function connectRaw(host: Host): Promise<ssh2.Client> {
  const client = new ssh2.Client()
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve(client)).once('error', reject)
    client.connect({
      host: host.ssh.host ?? host.name,
      port: host.ssh.port ?? 22,
      username: host.ssh.user ?? '',
      privateKey: readFileSync(host.ssh.identity ?? ''),
      algorithms: { cipher: ['aes128-gcm@openssh.com'] },
      // The daemons that this is measured on were started by the benchmark itself, on loopback.
      hostVerifier: () => true,
    })
    client.setNoDelay(true)
  })
}

function runRaw(client: ssh2.Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.exec('exec /bin/sh -s', (error, channel) => {
      if (error !== undefined) return reject(error)
      channel.once('close', (code: number | undefined) =>
        code === 0 ? resolve() : reject(new Error(String(code))),
      )
      channel.resume()
      channel.stderr.resume()
      channel.end('true\n')
    })
  })
}
