/** A word of the shell language before expansion. */
export type Word = readonly WordPart[]

export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | ParameterPart
  | { readonly kind: 'command'; readonly body: Command; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly quoted: boolean }

export type ParameterPart = {
  readonly kind: 'parameter'
  readonly name: string
  readonly quoted: boolean
  /** As written (`:-`, `%%`, …); `length` for `${#x}`. */
  readonly operator?: string
  readonly word?: Word
}

export type Command =
  | SimpleCommand
  | { readonly kind: 'pipeline'; readonly negated: boolean; readonly commands: readonly Command[] }
  | {
      readonly kind: 'and-or'
      readonly operator: '&&' | '||'
      readonly left: Command
      readonly right: Command
    }
  | { readonly kind: 'sequence'; readonly items: readonly SequenceItem[] }
  | { readonly kind: 'if'; readonly branches: readonly IfBranch[]; readonly otherwise: Command | undefined }
  | ForCommand
  | { readonly kind: 'while'; readonly until: boolean; readonly condition: Command; readonly body: Command }
  | { readonly kind: 'case'; readonly word: Word; readonly branches: readonly CaseBranch[] }
  | { readonly kind: 'group'; readonly body: Command }
  | { readonly kind: 'subshell'; readonly body: Command }
  | { readonly kind: 'function'; readonly name: string; readonly body: Command }
  | { readonly kind: 'redirected'; readonly command: Command; readonly redirects: readonly Redirect[] }

export type SimpleCommand = {
  readonly kind: 'simple'
  readonly assignments: readonly Assignment[]
  readonly words: readonly Word[]
  readonly redirects: readonly Redirect[]
  readonly line: number
}

export type Assignment = { readonly name: string; readonly value: Word }
export type SequenceItem = { readonly command: Command; readonly background: boolean }
export type IfBranch = { readonly condition: Command; readonly body: Command }
export type CaseBranch = {
  readonly patterns: readonly Word[]
  readonly body: Command | undefined
}

export type ForCommand = {
  readonly kind: 'for'
  readonly name: string
  /** Absent: the positional parameters. */
  readonly words: readonly Word[] | undefined
  readonly body: Command
}

export type RedirectOperator = '>' | '>>' | '>|' | '<' | '<>' | '>&' | '<&' | 'here'

export type Redirect = {
  readonly fd: number
  readonly operator: RedirectOperator
  /** The file, the number or `-`; the text itself for a here-document. */
  target: Word
}
