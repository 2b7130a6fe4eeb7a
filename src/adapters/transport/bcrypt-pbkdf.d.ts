declare module 'bcrypt-pbkdf' {
  const bcrypt: {
    readonly HASHSIZE: number
    readonly hash: (sha2pass: Uint8Array, sha2salt: Uint8Array, out: Uint8Array) => void
  }
  export default bcrypt
}
