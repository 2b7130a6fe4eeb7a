import type { Span } from '../base/diagnostic.ts'

/** A parsed `on=` expression over names of hosts, roles, datacenters, racks, tags and role flags. */
export type Selector = { readonly source: string; readonly span: Span; readonly tree: SelectorTree }

export type SelectorTree =
  | {
      readonly kind: 'name'
      readonly name: string
      /** `role.flag` */ readonly flag?: string
      readonly offset: number
    }
  | { readonly kind: 'local' }
  | { readonly kind: 'all' }
  | { readonly kind: 'not'; readonly operand: SelectorTree }
  | { readonly kind: 'and' | 'or'; readonly left: SelectorTree; readonly right: SelectorTree }

/** Which of the selected hosts a step takes (`pick=`). */
export type Pick = 'all' | 'first' | 'any' | 'one-per-dc' | 'one-per-rack'
