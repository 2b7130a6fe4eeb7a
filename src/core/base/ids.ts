declare const brand: unique symbol
type Branded<T, B extends string> = T & { readonly [brand]: B }

/** Short and speakable, e.g. `7k2q-9fpm`; any unique prefix is accepted from a person. */
export type RunId = Branded<string, 'RunId'>
/** Id of a step or phase: written with `id=`, else heading slugs joined by `.`. */
export type StepId = Branded<string, 'StepId'>
/** Name of a host in the inventory; `local` is the operator's machine. */
export type HostName = Branded<string, 'HostName'>
/** Globally unique id of one try of a host-step. */
export type AttemptId = Branded<string, 'AttemptId'>
/** `ATTEMPT.ACTION`: globally unique id of one action of an attempt. Only `[a-z0-9.-]`, at most 64 characters. */
export type JobId = Branded<string, 'JobId'>
/** SHA-256 in lower-case hex. */
export type Digest = Branded<string, 'Digest'>

/** The operator's own machine, as a host. Reserved: no inventory host may have this name. */
export const LOCAL_HOST = 'local' as HostName

/** Gives a checked string its brand; use it only at the border where the string was checked. */
export function brandAs<T extends string>(text: string): T {
  return text as T
}
