import type { InheritedOptions } from './model.ts'
import type { OptionValues } from './option-table.ts'

/** The part of written options that flows downwards. */
export function selectInherited(values: OptionValues): InheritedOptions {
  return dropAbsent({
    on: values.on,
    pick: values.pick,
    order: values.order,
    by: values.by,
    batch: values.batch,
    maxFailures: values['max-failures'],
    as: values.as,
    when: values.when === undefined ? undefined : [values.when],
    timeoutMs: values.timeout,
    idleTimeoutMs: values['idle-timeout'],
    reconnectMs: values.reconnect,
    onTimeout: values['on-timeout'],
    window: values.window,
  })
}

/** What holds inside: the inner option wins, conditions add up. */
export function mergeInherited(outer: InheritedOptions, inner: InheritedOptions): InheritedOptions {
  const when = [...(outer.when ?? []), ...(inner.when ?? [])]
  return { ...outer, ...inner, ...(when.length === 0 ? {} : { when }) }
}

/** An object without the keys whose value is undefined. */
export function dropAbsent<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
