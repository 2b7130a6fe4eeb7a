import type { RunEvent } from './events.ts'
import type { Refusal } from './intents.ts'

/** Events to make durable, or a refusal. Effects on hosts follow from the state afterwards (`selectWork`). */
export type Decision =
  | { readonly ok: true; readonly events: readonly RunEvent[] }
  | { readonly ok: false; readonly refusal: Refusal }
