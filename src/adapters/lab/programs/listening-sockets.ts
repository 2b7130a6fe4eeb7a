import { traitsOf } from '../cluster/world.ts'
import type { NodeState } from '../cluster/cluster-state.ts'

/** A port that a node holds open, with the address that it is bound to. */
export type ListeningSocket = { readonly address: string; readonly port: number }

/** What a node listens on, from its phase and its configuration; JMX is on the loopback address only. */
export function selectListeningSockets(node: NodeState): readonly ListeningSocket[] {
  const { config, phase } = node
  if (config === undefined || phase === 'stopped' || phase === 'launching') return []
  const isTlsPort = config.isInternodeEncrypted && traitsOf(node).hasSeparateTlsPort
  const isOpen = phase === 'normal' || phase === 'joining'
  return [
    { address: '127.0.0.1', port: 7199 },
    ...(isOpen
      ? [{ address: config.listenAddress, port: isTlsPort ? config.tlsStoragePort : config.storagePort }]
      : []),
    ...(node.isServingCql ? [{ address: config.rpcAddress, port: config.nativePort }] : []),
    ...(node.isServingCql && config.isThriftEnabled
      ? [{ address: config.rpcAddress, port: config.thriftPort }]
      : []),
  ]
}
