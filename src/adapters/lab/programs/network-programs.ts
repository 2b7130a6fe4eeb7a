import type { ClusterModel } from '../cluster/create-cluster.ts'
import { findNode } from '../cluster/world.ts'
import type { Program } from '../program.ts'
import { selectListeningSockets } from './listening-sockets.ts'

/** ss: the listening TCP sockets, whatever options are given; `-p` adds the process of the node. */
export function ssProgram(cluster: ClusterModel): Program {
  return (context) => {
    cluster.advance()
    const flags = context.args.filter((arg) => arg.startsWith('-')).join('')
    const node = findNode(cluster.world, context.host.name)
    const own = node === undefined ? [] : selectListeningSockets(node)
    const others = context.host
      .ports()
      .filter((port) => !own.some((socket) => socket.port === port))
      .map((port) => ({ address: '0.0.0.0', port }))
    if (!flags.includes('H')) {
      context.write('State      Recv-Q Send-Q Local Address:Port               Peer Address:Port\n')
    }
    for (const { address, port } of [...others, ...own].toSorted((a, b) => a.port - b.port)) {
      const process =
        flags.includes('p') && own.some((socket) => socket.port === port)
          ? ` users:(("java",pid=${node?.pid ?? 0},fd=64))`
          : ''
      context.write(
        `LISTEN     0      128    ${`${address}:${port}`.padEnd(33)} ${'*:*'.padEnd(16)}${process}`.trimEnd(),
      )
      context.write('\n')
    }
    return Promise.resolve(0)
  }
}

/** ip: `addr` and `-br addr` of the host's addresses. */
export function ipProgram(): Program {
  return (context) => {
    const isBrief = context.args.some((arg) => arg === '-br' || arg === '-brief')
    const object = context.args.find((arg) => !arg.startsWith('-')) ?? ''
    if (!/^a(ddr(ess)?)?$/.test(object)) {
      context.writeError(`Object "${object}" is unknown, try "ip help".\n`)
      return Promise.resolve(1)
    }
    const addresses = context.host.facts.addresses.map((address) => `${address}/24`).join(' ')
    if (isBrief) {
      context.write(
        `lo               UNKNOWN        127.0.0.1/8 ::1/128 \neth0             UP             ${addresses} \n`,
      )
      return Promise.resolve(0)
    }
    context.write(
      '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n    inet 127.0.0.1/8 scope host lo\n',
    )
    context.write('2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UP\n')
    for (const address of context.host.facts.addresses)
      context.write(`    inet ${address}/24 scope global eth0\n`)
    return Promise.resolve(0)
  }
}
