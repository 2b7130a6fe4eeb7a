import { describe, expect, test } from 'vitest'
import { startOfFile } from '../../../src/core/base/place.ts'
import {
  lintHiddenCharacters,
  lintShellTemplate,
  secretExpressionTest,
} from '../../../src/core/expr/lint-shell-template.ts'
import { parseTemplate } from '../../../src/core/expr/parse-template.ts'
import { analyzeShell } from '../../../src/core/expr/shell-context.ts'

function template(text: string) {
  return parseTemplate(text, startOfFile('t.md')).value
}

function places(text: string): string[] {
  return [...analyzeShell(template(text)).contexts.values()].map((context) => {
    if (context.kind === 'heredoc')
      return `heredoc ${context.quoted ? 'quoted' : 'open'} ${context.delimiter}`
    if (context.kind !== 'word') return context.kind
    const marks = `${context.alone ? ' alone' : ''}${context.wholeAssignment ? ' whole' : ''}`
    return `${context.role}${marks}${context.command === undefined ? '' : ` of ${context.command}`}`
  })
}

describe('where an expression stands', () => {
  test.each([
    ['{{ x }} y', ['command alone']],
    ['cmd {{ x }}', ['argument alone of cmd']],
    ['cmd a{{ x }}', ['argument of cmd']],
    ['cmd {{ x }}b', ['argument of cmd']],
    ['A={{ x }} cmd', ['assignment whole']],
    ['A={{ x }}b', ['assignment']],
    ['export A={{ x }}', ['assignment whole of export']],
    ['cmd A={{ x }}', ['argument of cmd']],
    ['cmd >{{ x }}', ['redirect alone of cmd']],
    ['cmd 2>&1 {{ x }}', ['argument alone of cmd']],
    ['a; b {{ x }}', ['argument alone of b']],
    ['a && b {{ x }} | c {{ y }}', ['argument alone of b', 'argument alone of c']],
    ['if a; then b {{ x }}; fi', ['argument alone of b']],
    ['f() { g {{ x }}; }', ['argument alone of g']],
    ['(cd {{ x }})', ['argument alone of cd']],
    ['A=$(b {{ x }})', ['argument alone of b']],
    ['"$(b {{ x }})"', ['argument alone of b']],
    [
      'case {{ x }} in a|{{ y }}) b {{ z }};; (c) d {{ w }};; esac; e {{ v }}',
      [
        'argument alone of case',
        'command alone',
        'argument alone of b',
        'argument alone of d',
        'argument alone of e',
      ],
    ],
    ['A=$(case x in a) b {{ x }};; esac) c', ['argument alone of b']],
    ['"a {{ x }}"', ['double-quoted']],
    ["'a {{ x }}'", ['single-quoted']],
    ["it\\'s {{ x }}", ['argument alone of ']],
    ["# it's {{ x }}\ncmd {{ y }}", ['comment', 'argument alone of cmd']],
    ['a#b {{ x }}', ['argument alone of a#b']],
    ['echo ${#x} {{ y }}', ['argument alone of echo']],
    ['`a {{ x }}`', ['backquoted']],
    ['${a:-{{ x }}}', ['parameter']],
    ['"${a:-\'} {{ x }}"', ['double-quoted']],
    ['$((1 + {{ x }})) {{ y }}', ['arithmetic', 'argument alone of ']],
    [
      'cat <<E {{ y }}\n{{ x }}\nE\nb {{ z }}',
      ['argument alone of cat', 'heredoc open E', 'argument alone of b'],
    ],
    ["cat <<-'E'\n\t'{{ x }}\n\tE\nb {{ z }}", ['heredoc quoted E', 'argument alone of b']],
    ['cat <<A <<"B"\n{{ x }}\nA\n{{ y }}\nB\n', ['heredoc open A', 'heredoc quoted B']],
    ['cat <<E\n$(a {{ x }}) {{ y }}\nE\n', ['heredoc-substitution', 'heredoc open E']],
    ['A=$(cat <<E\n{{ x }}\nE\n)\nb {{ y }}', ['heredoc open E', 'argument alone of b']],
    ['cat <<{{ x }}\na', ['delimiter']],
    ['"$$(echo {{ x }})"', ['double-quoted']],
    ['cat <<E\n$$(a {{ x }})\nE\n', ['heredoc open E']],
    ['A=(b <<E\n{{ x }}\n)', ['command alone']],
    ['a \\\n  {{ x }}', ['argument alone of a']],
  ])('%s', (text, expected) => {
    expect(places(text)).toEqual(expected)
  })
})

describe('lint of a shell body', () => {
  const isSecret = secretExpressionTest(new Set(['pw']))
  const codes = (text: string, probeWithoutExpect = false) =>
    lintShellTemplate(template(text), { file: 't.md', probeWithoutExpect, isSecret }).map(
      (each) => `${each.code} ${each.line}:${each.column}`,
    )

  test.each([
    ['echo "{{ x }}"', ['HR1101 1:7']],
    ["a\nb '{{ x }}'", ['HR1101 2:4']],
    ['eval {{ x }}', ['HR1101 1:6']],
    ['cmd {{ pw }}', ['HR1009 1:5']],
    ['cmd --p={{ params.pw }}', ['HR1009 1:9']],
    ['P={{ pw }}; printf %s {{ pw }} | cmd', []],
    ['export P={{ pw }}', []],
    ['cat <<E\n{{ pw }}\nE', []],
    ['ping <host>', ['HR1103 1:6']],
    ['{{ x }} <your name>', ['HR1103 1:9']],
    ['cmd <in >out', []],
    ['echo "<host>"', []],
    ['cat <<E\n<a>b</a>\nE', []],
    ['ls –l', ['HR1104 1:4']],
    ['echo “x”', ['HR1104 1:6', 'HR1104 1:8']],
    ['echo "it’s"', []],
    ["x=$'a\\n'", ['HR1108 1:3']],
    ["echo 'a", ['HR1107 1:6']],
    ['a | b', []],
    ['[ a ] || b', []],
  ])('%s', (text, expected) => {
    expect(codes(text)).toEqual(expected)
  })

  test('a pipeline in a probe without an expectation is a warning', () => {
    expect(codes('a | b', true)).toEqual(['HR1106 1:3'])
    expect(codes('case x in a|b) c;; esac', true)).toEqual([])
    expect(codes('a || b', true)).toEqual([])
  })

  test('invisible characters are found in any body', () => {
    const found = lintHiddenCharacters(template('a\tb\nc\u200bd\u202e\u0007'), 't.md')
    expect(found.map((each) => `${each.line}:${each.column} ${each.message}`)).toEqual([
      '2:2 An invisible character <U+200B> stands here.',
      '2:4 An invisible character <U+202E> stands here.',
      '2:5 An invisible character <U+0007> stands here.',
    ])
  })
})
