import { formatDuration } from '../base/duration.ts'
import type { Report } from './report.ts'

type Rows = readonly (readonly (string | undefined)[])[]
type HistoryTable = { readonly title: string; readonly heading: readonly string[]; readonly rows: Rows }

/** The tries that did not end well and were followed by something, as a table. */
export const TRIES_TABLE = {
  title: 'Tries that did not end well',
  heading: ['Step', 'Host', 'Try', 'Ended', 'Why', 'Then'],
  rows: ({ tries }: Report): Rows =>
    tries.map(({ step, host, number, kind, ended, reason, followedBy }) => [
      step,
      host,
      number === 0 ? 'before the first' : `${number}${kind === 'undo' ? ' (undo)' : ''}`,
      ended,
      reason,
      followedBy,
    ]),
}

/** Who answered what, when nothing was to start, and who drove, as tables. */
export function listHistory(report: Report): readonly HistoryTable[] {
  return [
    {
      title: 'Questions and answers',
      heading: ['Answered', 'By', 'Question', 'Answer', 'Why or what', 'How'],
      rows: report.answers.map(({ answered, by, question, choice, reason, how }) => [
        answered,
        by,
        question,
        choice,
        reason,
        HOW_WORDS[how] ?? how,
      ]),
    },
    {
      title: 'Pauses',
      heading: ['From', 'To', 'Lasted', 'Why', 'Gone on by'],
      rows: report.pauses.map(({ from, to, lastedMs, reason, resumedBy }) => [
        from,
        to ?? 'lasts',
        lastedMs === undefined ? '' : formatDuration(lastedMs),
        reason,
        resumedBy,
      ]),
    },
    {
      title: 'Operators',
      heading: ['Name', 'At', 'First', 'Times', 'Drove in all'],
      rows: listOperators(report),
    },
  ]
}

const HOW_WORDS: Readonly<Record<string, string>> = {
  asked: 'at the screen',
  option: 'given beforehand',
}

/** One row for each person, however often they came back. */
function listOperators({ operators }: Report): Rows {
  return [...Map.groupBy(operators, ({ name }) => name)].map(([name, sessions]) => [
    name,
    [...new Set(sessions.map(({ host }) => host))].join(', '),
    sessions[0]?.since,
    String(sessions.length),
    formatDuration(sessions[0]?.drivenMs ?? 0),
  ])
}
