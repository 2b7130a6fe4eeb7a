import type {
  CipherAlgorithm,
  CompressionAlgorithm,
  KexAlgorithm,
  MacAlgorithm,
  ServerHostKeyAlgorithm,
} from 'ssh2'

/**
 * What the built-in client offers, best first. Left out on purpose: SHA-1 in every form (`ssh-rsa`, `hmac-sha1`,
 * group14-sha1), CBC, compression before or after login, and chacha20-poly1305 and `-etm` MACs, which the Terrapin
 * attack needs where strict key exchange cannot be demanded.
 */
export const SSH2_ALGORITHMS: {
  kex: KexAlgorithm[]
  serverHostKey: ServerHostKeyAlgorithm[]
  cipher: CipherAlgorithm[]
  hmac: MacAlgorithm[]
  compress: CompressionAlgorithm[]
} = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
    'diffie-hellman-group-exchange-sha256',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
}
