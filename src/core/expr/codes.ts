import type { CodePage } from '../base/code-page.ts'

/** Pages of the codes of expressions, templates and shell bodies. */
export const EXPRESSION_CODES: readonly CodePage[] = [
  {
    code: 'HR1001',
    title: 'an expression does not parse',
    explanation:
      'Expressions are CEL (Common Expression Language). It writes && || ! for and, or, not, compares with ==, and quotes text with " or \'.',
    hint: 'Correct it at the place shown.',
    example: 'when="host.dc = DC1"  →  when="host.dc == \'DC1\'"',
  },
  {
    code: 'HR1002',
    title: 'an unknown name in an expression',
    explanation:
      'An expression reads parameters (by bare name or under params), inventory, host, hosts, dc, rack, and, while a run goes on, run, captures, captured and prober. Inside a rule with each there is it.',
    hint: 'Correct the name, or declare the parameter in the front matter.',
    example: '{{ nofil }}  →  {{ nofile }}',
  },
  {
    code: 'HR1003',
    title: 'an expression is empty',
    explanation: '`{{ }}` without an expression in it says nothing.',
    hint: 'Write an expression, or take it out.',
    example: '{{ }}  →  {{ host.name }}',
  },
  {
    code: 'HR1004',
    title: 'an expression is too large',
    explanation:
      'Expressions are bounded in length and in nested loops, so that a document cannot keep the tool busy for ever.',
    hint: 'Split it into derived parameters.',
    example: 'params: { seeds: { type: list, value: "{{ hosts.filter(…) }}" } }',
  },
  {
    code: 'HR1005',
    title: 'an expression has the wrong type',
    explanation:
      'Types are checked before any host is touched: a condition is true or false, an int is no text.',
    hint: 'Convert with string(), int() or a comparison.',
    example: 'when="nofile"  →  when="nofile > 0"',
  },
  {
    code: 'HR1006',
    title: '{{ is not closed',
    explanation: 'An expression begins with {{ and ends with }}. Templates of other programs look the same.',
    hint: 'Close it, add `literal` to the fence, or write {{ "{{" }}.',
    example: '```sh run literal',
  },
  {
    code: 'HR1007',
    title: 'an expression cannot be evaluated',
    explanation:
      'It parses, but its values do not fit: a key is missing, a list is empty, a function refuses.',
    hint: 'Test with has(…) first, or complete the inventory.',
    example: '{{ host.vars.port }}  →  {{ has(host.vars.port) ? host.vars.port : 22 }}',
  },
  {
    code: 'HR1008',
    title: 'a value cannot be written here',
    explanation:
      'A value is written as a literal of the language around it. Some values have none there: a map in sh, a line break in an INI file, a value in the middle of a YAML word.',
    hint: 'Give a value that fits, or move the text around it into the expression.',
    example: 'url: http://{{ host.name }}/  →  url: {{ "http://" + host.name + "/" }}',
  },
  {
    code: 'HR1009',
    title: 'a secret cannot stand here',
    explanation:
      "In sh a secret may be an assignment's whole value, stand in an unquoted here-document, or be an argument of printf or echo. As an argument of another program everybody on that host can read it in the process list.",
    hint: 'Assign it first, or write it into a `file … temporary`.',
    example: 'cqlsh -p {{ password }}  →  a fixture: ini file path="{{ run.dir }}/cqlshrc" temporary',
  },
  {
    code: 'HR1101',
    title: 'an expression inside shell quotes',
    explanation:
      'A value is written into a shell script with its own quotes. Inside quotes, backquotes or ${ … } it would be quoted twice, and could run as code.',
    hint: 'Leave the quotes out: {{ name }} is one word already.',
    example: 'echo "{{ name }}"  →  echo {{ name }}',
  },
  {
    code: 'HR1103',
    title: 'a placeholder in a shell body',
    explanation: 'A shell takes <word> for a redirection from and to files.',
    hint: 'Make it a parameter.',
    example: 'ping <host>  →  ping {{ target }}',
  },
  {
    code: 'HR1104',
    title: 'typographic quotes or dashes in a command',
    explanation:
      'Word processors replace quotes and hyphens with characters that a shell takes for plain text.',
    hint: 'Write straight quotes and hyphens.',
    example: 'ls –l “my file”  →  ls -l "my file"',
  },
  {
    code: 'HR1105',
    title: 'an invisible character',
    explanation: 'Control, bidirectional and zero-width characters make a command look other than what runs.',
    hint: 'Delete it.',
    example: 'rm -rf /tmp/x<U+200B>  →  rm -rf /tmp/x',
  },
  {
    code: 'HR1106',
    title: 'a pipeline in a probe without an expectation',
    explanation: 'sh gives the exit code of the last command of a pipeline, so a failure before it passes.',
    hint: 'Add an expect fence after the probe.',
    example: 'curl -s localhost | grep ok   with   ```text expect',
  },
  {
    code: 'HR1107',
    title: 'an unclosed quote or here-document',
    explanation: 'Everything after it is taken for text, or the shell refuses the script.',
    hint: 'Close it.',
    example: "echo 'it  →  echo 'it'",
  },
  {
    code: 'HR1108',
    title: "$'…' is no POSIX sh",
    explanation: 'Where such a quote ends depends on the shell, so what is inside cannot be told.',
    hint: 'Use printf.',
    example: "IFS=$'\\t'  →  IFS=$(printf '\\t')",
  },
]
