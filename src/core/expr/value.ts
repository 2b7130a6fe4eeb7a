import type { Span } from '../base/diagnostic.ts'

/** A secret by name: its value never enters an expression, a plan, the journal or the screen. */
export class SecretRef {
  /** Key under `secrets:` of the inventory. */
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** A validated identifier made by `ident(x)`: the only value that is written without quotes. */
export class Ident {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What an expression may yield. CEL's int is a bigint; double a number; a map has string keys. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | SecretRef
  | Ident
  | readonly Value[]
  | { readonly [key: string]: Value }

/** Names visible to an expression; a root that is absent here and listed as late is filled in at the host's turn. */
export type Scope = { readonly [root: string]: Value }

/** Roots whose values are known only while a run goes on. */
export const LATE_ROOTS: ReadonlySet<string> = new Set(['captures', 'captured', 'prober', 'run'])

/** A parsed CEL expression. `evaluate` is pure, has no I/O and never throws. */
export type Expression = {
  readonly source: string
  readonly span: Span
  /** Root identifiers it reads, e.g. `params`, `host`, `captures`; macro variables excluded. */
  readonly roots: ReadonlySet<string>
  readonly evaluate: (scope: Scope) => Evaluation
}

export type Evaluation =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string }

/** Text with `{{ expressions }}` in it, in order. A fence with `literal` has one text part only. */
export type Template = {
  readonly source: string
  readonly span: Span
  readonly parts: readonly TemplatePart[]
}

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'expression'
      readonly expression: Expression
      /** Of the whole `{{ … }}`. */
      readonly span: Span
      /** Characters of the whole `{{ … }}` in the template's source. */
      readonly length: number
    }

/** How a value is written in the text around it; `plain` is for options, titles and messages. */
export type LiteralStyle =
  | 'sh'
  | 'cql'
  | 'yaml'
  | 'json'
  | 'properties'
  | 'xml'
  | 'ini'
  | 'http'
  /** Percent-encoded: a URL's parts, a form's fields. */
  | 'percent'
  | 'crontab'
  | 'regex'
  | 'plain'

/** One piece of a rendered text: fixed characters, a secret's place, or an expression not known yet. */
export type RenderedPart =
  | string
  | {
      readonly kind: 'secret'
      readonly name: string
      readonly style: LiteralStyle
      /** In `sh`: the variable that carries the value, given on standard input. */
      readonly variable?: string
    }
  | {
      readonly kind: 'late'
      readonly source: string
      /** Why it could not be evaluated, when its names were there. */ readonly reason?: string
    }

/** A rendered template. It may still hold secrets (always by name) and, in a plan, late expressions. */
export type Rendered = readonly RenderedPart[]
