import type { HostName } from '../../core/base/ids.ts'
import { sanitizeLine } from '../../core/base/sanitize.ts'
import { formatFailure } from '../../core/run/failure-words.ts'
import type { RunState } from '../../core/run/state.ts'
import type { QuestionUi } from '../store/ui-state.ts'
import type { Glyphs } from '../term/glyphs.ts'
import { fitRow, span, toneRow, word, type Row } from '../term/row.ts'
import { wrapSpans } from '../term/wrap-text.ts'

/** A line of the list of hosts that a question is about: those in the same trouble, or one of them. */
export type HostItem = {
  /** The questions that it stands for. */
  readonly ids: readonly string[]
  readonly hosts: readonly HostName[]
  /** What is the matter; absent on a host below its group. */
  readonly words?: string
}

/** The hosts of a group of questions: those with the same trouble together, each group before its hosts. */
export function selectHostItems(state: RunState, ids: readonly string[]): HostItem[] {
  const groups = new Map<string, { readonly ids: string[]; readonly hosts: HostName[] }>()
  for (const id of ids) {
    const question = state.questions.get(id)
    if (question?.host === undefined) continue
    const words = describeTrouble(state, id)
    const group = groups.get(words) ?? { ids: [], hosts: [] }
    groups.set(words, group)
    group.ids.push(id)
    group.hosts.push(question.host)
  }
  return [...groups].flatMap(([words, group]): HostItem[] => [
    { ...group, words },
    ...(group.ids.length === 1
      ? []
      : group.ids.map((id, index) => ({ ids: [id], hosts: [group.hosts[index]!] }))),
  ])
}

/** The same trouble reads the same on every host: its own name is left out. */
function describeTrouble(state: RunState, id: string): string {
  const { step, host, text } = state.questions.get(id)!
  const failure =
    step === undefined || host === undefined ? undefined : state.steps.get(step)?.hosts.get(host)?.failure
  const words = failure === undefined ? text : formatFailure(failure)
  return host === undefined ? words : words.replaceAll(new RegExp(`\\b${escape(host)}\\b`, 'g'), 'the host')
}

function escape(text: string): string {
  return text.replaceAll(/[^\w]/g, String.raw`\$&`)
}

export type HostListView = {
  readonly items: readonly HostItem[]
  readonly overlay: QuestionUi
  readonly width: number
  readonly glyphs: Glyphs
}

/** Which hosts the answer is for, by trouble: two rows a group, so that what explains it has room below. */
export function summarizeHosts({ items, overlay, width, glyphs }: HostListView): Row[] {
  return items.flatMap((item): Row[] => {
    if (item.words === undefined) return []
    const head = wrapSpans(
      [...markChosen(item, overlay), span(sanitizeLine(`${nameItem(item)}  ${item.words}`), 'plain')],
      width,
      4,
    )
    if (item.hosts.length === 1) return head
    return [...head, fitRow(nameHosts(item, overlay), width, glyphs.more)]
  })
}

/** The list that Tab opens: one row each, `height` rows of it around the cursor. */
export function listHosts({ items, overlay, width, glyphs }: HostListView, height: number): Row[] {
  const rows = items.map((item, index): Row => {
    const isHere = index === overlay.hostCursor
    const row: Row = [
      word(isHere ? `${glyphs.cursor} ` : '  ', 'accent'),
      word(item.words === undefined ? '  ' : ''),
      ...markChosen(item, overlay),
      span(sanitizeLine(item.words === undefined ? nameItem(item) : `${nameItem(item)}  ${item.words}`)),
    ]
    return isHere ? toneRow(fitRow(row, width, glyphs.more), 'selected') : fitRow(row, width, glyphs.more)
  })
  const start = Math.max(0, Math.min(overlay.hostCursor - Math.floor(height / 2), rows.length - height))
  return rows.slice(start, start + height)
}

/** Of a group of which some are chosen, which. */
function nameHosts({ ids, hosts }: HostItem, { chosen }: QuestionUi): Row {
  const mine = hosts.filter((_, index) => chosen.includes(ids[index]!))
  const others = hosts.filter((host) => !mine.includes(host))
  if (mine.length === 0 || others.length === 0)
    return [word('    '), span(sanitizeLine(hosts.join(' ')), 'dim')]
  return [
    word('    '),
    span(sanitizeLine(`for ${mine.join(' ')}`), 'strong'),
    span(sanitizeLine(`, not for ${others.join(' ')}`), 'dim'),
  ]
}

function nameItem({ hosts }: HostItem): string {
  return hosts.length === 1 ? (hosts[0] ?? '') : `${hosts.length} hosts`
}

/** All of them, some, or none. */
function markChosen({ ids }: HostItem, { chosen }: QuestionUi): Row {
  const count = ids.filter((id) => chosen.includes(id)).length
  if (count === 0) return [word('[ ] ', 'dim')]
  return [word(count === ids.length ? '[x] ' : '[-] ', 'accent')]
}
