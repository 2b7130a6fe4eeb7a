/** An expression of awk. */
export type AwkExpression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'regex'; readonly source: string }
  | AwkTarget
  | {
      readonly kind: 'assign'
      readonly operator: string
      readonly target: AwkTarget
      readonly value: AwkExpression
    }
  | {
      readonly kind: 'condition'
      readonly test: AwkExpression
      readonly yes: AwkExpression
      readonly no: AwkExpression
    }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: AwkExpression
      readonly right: AwkExpression
    }
  | { readonly kind: 'unary'; readonly operator: string; readonly value: AwkExpression }
  | { readonly kind: 'step'; readonly delta: 1 | -1; readonly isPrefix: boolean; readonly target: AwkTarget }
  | { readonly kind: 'in'; readonly subscripts: readonly AwkExpression[]; readonly array: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly AwkExpression[] }
  | { readonly kind: 'group'; readonly value: AwkExpression }
  /** The arguments of `print (a, b)`. */
  | { readonly kind: 'list'; readonly items: readonly AwkExpression[] }

/** What can be assigned to. */
export type AwkTarget =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'field'; readonly index: AwkExpression }
  | { readonly kind: 'element'; readonly name: string; readonly subscripts: readonly AwkExpression[] }

export type AwkStatement =
  | { readonly kind: 'block'; readonly statements: readonly AwkStatement[] }
  | { readonly kind: 'expression'; readonly value: AwkExpression }
  | {
      readonly kind: 'print'
      readonly isFormatted: boolean
      readonly args: readonly AwkExpression[]
      readonly file: { readonly append: boolean; readonly name: AwkExpression } | undefined
    }
  | {
      readonly kind: 'if'
      readonly test: AwkExpression
      readonly yes: AwkStatement
      readonly no: AwkStatement | undefined
    }
  | {
      readonly kind: 'while'
      readonly test: AwkExpression
      readonly body: AwkStatement
      readonly isDo: boolean
    }
  | {
      readonly kind: 'for'
      readonly first: AwkStatement | undefined
      readonly test: AwkExpression | undefined
      readonly step: AwkStatement | undefined
      readonly body: AwkStatement
    }
  | { readonly kind: 'for-in'; readonly name: string; readonly array: string; readonly body: AwkStatement }
  | {
      readonly kind: 'delete'
      readonly name: string
      readonly subscripts: readonly AwkExpression[] | undefined
    }
  | { readonly kind: 'leave'; readonly how: 'next' | 'break' | 'continue' }
  | { readonly kind: 'exit' | 'return'; readonly value: AwkExpression | undefined }

export type AwkPattern =
  | { readonly kind: 'begin' | 'end' | 'always' }
  | { readonly kind: 'test'; readonly test: AwkExpression }
  | { readonly kind: 'range'; readonly from: AwkExpression; readonly to: AwkExpression }

export type AwkRule = { readonly pattern: AwkPattern; readonly body: AwkStatement | undefined }
export type AwkFunction = { readonly parameters: readonly string[]; readonly body: AwkStatement }
export type AwkProgram = {
  readonly rules: readonly AwkRule[]
  readonly functions: ReadonlyMap<string, AwkFunction>
}

/** A program that this awk cannot read or run; thrown and caught inside of it. */
export class AwkProblem extends Error {
  override readonly name = 'AwkProblem'
}
