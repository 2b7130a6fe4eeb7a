import { brandAs } from '../../core/base/ids.ts'
import type { SafeText } from '../../core/base/safe-text.ts'
import type { CommandSpec, OptionSpec } from '../command-spec.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type CompletionShell = (typeof SHELLS)[number]

/** A completion script made from the table of commands; it names commands and options and starts no program. */
export function formatCompletion(
  shell: CompletionShell,
  commands: readonly CommandSpec[],
  common: readonly OptionSpec[],
): SafeText {
  if (shell === 'fish') return brandAs<SafeText>(formatFish(commands, common))
  const bash = formatBash(commands, common)
  return brandAs<SafeText>(shell === 'bash' ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`)
}

function formatBash(commands: readonly CommandSpec[], common: readonly OptionSpec[]): string {
  const cases = commands.map(
    ({ name, options }) => `    ${name}) words='${[...options, ...common].flatMap(flagsOf).join(' ')}' ;;`,
  )
  return `_handrail() {
  local current=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]} words
  case $command in
${cases.join('\n')}
    *) words='' ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$current"))
  elif [ "\${current#-}" != "$current" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _handrail handrail
`
}

function formatFish(commands: readonly CommandSpec[], common: readonly OptionSpec[]): string {
  const lines = commands.flatMap(({ name, summary, options }) => [
    `complete -c handrail -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ...[...options, ...common].map(
      (option) =>
        `complete -c handrail -n '__fish_seen_subcommand_from ${name}' ${fishFlags(option)} -d ${quote(option.help)}`,
    ),
  ])
  return `${lines.join('\n')}\n`
}

function fishFlags(option: OptionSpec): string {
  const [long = '', short] = flagsOf(option).toSorted((one, other) => other.length - one.length)
  const value = option.flags.includes('<') ? ' -r' : ''
  return `-l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}${value}`
}

function flagsOf({ flags }: OptionSpec): readonly string[] {
  return flags.match(/(?<![\w<])--?[a-z][a-z-]*/g) ?? []
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
