import type { Unavailable } from './role-storage.ts'

/** A value of a cell: a map is an object, a set an array. */
export type CqlValue =
  | string
  | number
  | boolean
  | null
  | readonly string[]
  | { readonly [key: string]: string }

export type CqlError = {
  readonly kind: 'error'
  /** The driver's class: `InvalidRequest`, `Unavailable`, … */
  readonly name: string
  /** Four hex digits of the protocol. */
  readonly code: string
  readonly title: string
  readonly message: string
  readonly info?: { readonly required: number; readonly alive: number; readonly consistency: string }
}

/** What a statement gave. */
export type CqlResult =
  | {
      readonly kind: 'rows'
      readonly columns: readonly string[]
      readonly rows: readonly (readonly CqlValue[])[]
    }
  | { readonly kind: 'done'; readonly warnings: readonly string[] }
  | { readonly kind: 'text'; readonly text: string }
  | CqlError

export const CQL_DONE: CqlResult = { kind: 'done', warnings: [] }

export function invalidRequest(message: string): CqlError {
  return { kind: 'error', name: 'InvalidRequest', code: '2200', title: 'Invalid query', message }
}

export function syntaxError(message: string): CqlError {
  return { kind: 'error', name: 'SyntaxException', code: '2000', title: 'Syntax error in CQL query', message }
}

export function configurationError(message: string): CqlError {
  const title = 'Query invalid because of configuration issue'
  return { kind: 'error', name: 'ConfigurationException', code: '2300', title, message }
}

export function unauthorized(message: string): CqlError {
  return { kind: 'error', name: 'Unauthorized', code: '2100', title: 'Unauthorized', message }
}

export function unavailableError(cause: Unavailable): CqlError {
  return {
    kind: 'error',
    name: 'Unavailable',
    code: '1000',
    title: 'Unavailable exception',
    message: `Cannot achieve consistency level ${cause.consistency}`,
    info: { required: cause.required, alive: cause.alive, consistency: cause.consistency },
  }
}
