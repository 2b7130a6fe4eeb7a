import type { HostName } from '../base/ids.ts'

/** Key of `RunState.bases`: a host, and the user if it is not the login user. */
export function baseKey(host: HostName, as: string | undefined): string {
  return as === undefined ? host : `${host} ${as}`
}
