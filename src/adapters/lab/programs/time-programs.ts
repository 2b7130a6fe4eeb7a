import type { ClusterModel } from '../cluster/create-cluster.ts'
import { faultsOf } from '../cluster/world.ts'
import type { Program } from '../program.ts'

/** timedatectl: `show [-p NAME] [--value]`, else a summary. */
export function timedatectlProgram(cluster: ClusterModel): Program {
  return (context) => {
    const isSynchronized = !faultsOf(cluster.world, context.host.name).unsynchronized
    const word = isSynchronized ? 'yes' : 'no'
    const properties = new Map([
      ['Timezone', 'UTC'],
      ['LocalRTC', 'no'],
      ['CanNTP', 'yes'],
      ['NTP', 'yes'],
      ['NTPSynchronized', word],
    ])
    if (context.args[0] !== 'show') {
      context.write(`      Time zone: UTC (UTC, +0000)\n    NTP enabled: yes\nNTP synchronized: ${word}\n`)
      return Promise.resolve(0)
    }
    const at = context.args.findIndex((arg) => arg === '-p' || arg === '--property')
    const attached = context.args
      .find((arg) => /^(-p.+|--property=.+)$/.test(arg))
      ?.replace(/^(-p|--property=)/, '')
    const wanted = attached ?? (at < 0 ? undefined : context.args[at + 1])
    const isBare = context.args.includes('--value')
    for (const [name, value] of properties) {
      if (wanted === undefined || wanted === name) context.write(isBare ? `${value}\n` : `${name}=${value}\n`)
    }
    return Promise.resolve(0)
  }
}

/** chronyc: `tracking`. */
export function chronycProgram(cluster: ClusterModel): Program {
  return (context) => {
    if (context.args.find((arg) => !arg.startsWith('-')) !== 'tracking') {
      context.writeError('Unrecognized command\n')
      return Promise.resolve(1)
    }
    const { clockSkewMs, unsynchronized } = faultsOf(cluster.world, context.host.name)
    const seconds = (Math.abs(clockSkewMs) / 1000 + 0.000012).toFixed(9)
    const rows: readonly (readonly [string, string])[] = [
      ['Reference ID', unsynchronized ? '00000000 ()' : 'C0A80AFE (ntp1.example.com)'],
      ['Stratum', unsynchronized ? '0' : '3'],
      ['System time', `${seconds} seconds ${clockSkewMs > 0 ? 'fast' : 'slow'} of NTP time`],
      ['Last offset', `${clockSkewMs > 0 ? '-' : '+'}${seconds} seconds`],
      ['RMS offset', '0.000020341 seconds'],
      ['Leap status', unsynchronized ? 'Not synchronised' : 'Normal'],
    ]
    context.write(rows.map(([name, value]) => `${name.padEnd(16)}: ${value}\n`).join(''))
    return Promise.resolve(0)
  }
}
