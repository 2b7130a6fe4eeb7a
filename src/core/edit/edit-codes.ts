import type { CodePage } from '../base/code-page.ts'

/** Pages of the codes of structured edits: `HR31xx` the wanted text, `HR32xx` the file on the host. */
export const EDIT_CODES: readonly CodePage[] = [
  {
    code: 'HR3101',
    title: 'the wanted text cannot be read',
    explanation: 'The body of an edit must be valid in the language named first in its info string.',
    hint: 'Correct the body; its first bad line is named.',
    example: '`cluster_name: "prod` lacks its closing quote; write `cluster_name: "prod"`.',
  },
  {
    code: 'HR3102',
    title: 'the wanted text is not a map',
    explanation:
      'An edit of YAML or JSON names keys and their values; a list or a bare value names no place in the file.',
    hint: 'Write the keys from the top of the file down to the value.',
    example: '`- 10.0.0.1` alone; write `seeds:` and the list below it.',
  },
  {
    code: 'HR3103',
    title: 'a key is wanted twice',
    explanation: 'Two values for one key contradict each other.',
    hint: 'Keep one of them.',
    example: '`port: 1` and further down `port: 2`.',
  },
  {
    code: 'HR3104',
    title: 'anchors, aliases and tags cannot be wanted',
    explanation:
      'A wanted value is copied to its place alone, where an anchor would mean nothing or something else. `!delete` stands for a whole key.',
    hint: 'Write the value out; use `!delete` only as the whole value of a key.',
    example: '`b: *a`; write the value of `a` again.',
  },
  {
    code: 'HR3105',
    title: 'a line is not an entry',
    explanation: 'Each line of the body must name what it sets, else it is not known where it belongs.',
    hint: 'Write `key=value`, for xml `XPATH = value`, for crontab `# handrail:NAME` and below it the entry.',
    example: '`LimitNOFILE 65536` in an ini; write `LimitNOFILE=65536`.',
  },
  {
    code: 'HR3106',
    title: 'blanks at the end of a value',
    explanation: 'They cannot be seen and become part of the value in a properties file; they are left out.',
    hint: 'Remove the blanks.',
    example: '`dc=DC1 ` names a datacenter "DC1 ".',
  },
  {
    code: 'HR3107',
    title: 'not an XPath of the supported kind',
    explanation:
      'Supported are /a/b, //a, *, [n], [@x="v"], [a="v"], and at the end /@x or /text(). Everything else would need a full XPath engine.',
    hint: 'Write the path with these steps.',
    example: '`//fval[position()<3]`; write `//fval[1]`.',
  },
  {
    code: 'HR3108',
    title: 'not an entry of a crontab',
    explanation: 'An entry has five time fields, or a word such as @daily, and a command.',
    hint: 'Write minute, hour, day of month, month, day of week, and the command.',
    example: '`3 * * * job` has four fields; write `0 3 * * * job`.',
  },
  {
    code: 'HR3201',
    title: 'the file cannot be read',
    explanation:
      'The file on the host is not valid in the language of the edit, so that no place in it can be trusted. It was not changed.',
    hint: 'Look at the named line on the host, correct it there, and try again.',
    example: 'A cassandra.yaml with a tab before a key.',
  },
  {
    code: 'HR3202',
    title: 'the file is not a map',
    explanation: 'The file holds a list or a bare value where keys were expected. It was not changed.',
    hint: 'Check the path of the edit.',
    example: 'A YAML file that begins with `- `.',
  },
  {
    code: 'HR3203',
    title: 'the key stands in the file more than once',
    explanation: 'Programs differ on which one counts. It was not changed.',
    hint: 'Remove all but one on the host; for ini keys that may be repeated, write all wanted lines.',
    example: '`num_tokens: 16` and 400 lines later `num_tokens: 256`.',
  },
  {
    code: 'HR3204',
    title: 'the value is shared by an anchor',
    explanation:
      'Changing a value with an anchor or an alias would change other places too. It was not changed.',
    hint: 'Write the value out on the host, or edit the file by hand.',
    example: '`backup: *defaults`.',
  },
  {
    code: 'HR3205',
    title: 'the file cannot be edited safely',
    explanation: 'The edited text was read again and does not say what was wanted, so nothing was changed.',
    hint: 'Edit the file by hand, or replace it with `file`.',
    example: 'Keys written as `? key`.',
  },
  {
    code: 'HR3206',
    title: 'the path matches nothing in the file',
    explanation:
      'Each XPath of an edit must lead to one element or attribute that exists; elements are not created.',
    hint: 'Compare the path with the file; names are case-sensitive.',
    example: '`//fval[@name="maxTranstimeout"]/value` where the file has `maxTransTimeout`.',
  },
  {
    code: 'HR3207',
    title: 'the path matches several places',
    explanation: 'Changing all of them is rarely meant. Nothing was changed.',
    hint: 'Make the path narrower, with a predicate or a position.',
    example: '`//value`; write `//fval[@name="maxTransTimeout"]/value`.',
  },
  {
    code: 'HR3208',
    title: 'the key stands in the file more than once and the last one was changed',
    explanation: 'Readers of properties files take the last one; the earlier ones mislead people.',
    hint: 'Remove the earlier ones on the host.',
    example: '`dc=DC1` and below it `dc=DC2`.',
  },
  {
    code: 'HR3209',
    title: 'the file is not UTF-8',
    explanation:
      'Bytes that are no UTF-8 would be changed by reading and writing the file as text. It was not changed.',
    hint: 'Convert the file on the host, or edit it by hand.',
    example: 'A comment with an umlaut in Latin-1.',
  },
  {
    code: 'HR3210',
    title: 'the file does not exist and cannot be made from paths',
    explanation: 'An edit of xml says where values go, not what stands around them.',
    hint: 'Check the path of the edit, or write the whole file with `file`.',
    example: '`xml edit path=/opt/gateway/conf/missing.xml`.',
  },
]
