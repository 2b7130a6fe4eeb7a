import { sanitizeLine } from '../../core/base/sanitize.ts'
import type { Intent } from '../../core/run/intents.ts'
import type { RunClient } from '../run-client.ts'
import type { FormValues } from '../form-spec.ts'
import type { StartRequest } from '../library.ts'
import { isProblem, type Problem } from '../problem.ts'
import { selectShownHost, selectShownStep } from '../view-models/select-place.ts'
import { goHome } from './go-home.ts'
import type { Effect, Model } from './model.ts'
import { leaveEdit, settleEdit, showEdit } from './perform-edit.ts'
import { createForm } from './reduce-form.ts'
import type { SessionPort } from './session-port.ts'
import type { Overlay } from '../store/ui-state.ts'

/** Lines of output that are sent to the clipboard. */
const COPIED_LINES = 200

/** Carries out what a key asked for; what goes wrong is said on the screen. */
export async function performEffect(session: SessionPort, effect: Effect, model: Model): Promise<void> {
  const { client } = session
  const { terminal } = session.options
  switch (effect.kind) {
    case 'submit':
      return submit(session, effect.intents)
    case 'answer-prompt':
      return client?.answerPrompt(effect.id, effect.answer)
    case 'take-wheel': {
      if (client?.connection().kind === 'lost' && client.isOnlyWatching !== true)
        session.toast('starting the run anew …')
      const taken = await client?.takeWheel()
      if (client !== undefined && taken?.ok === false && taken.edit !== undefined)
        return showEdit(session, client.run, taken.edit)
      return session.toast(
        taken?.ok === true ? 'you drive now' : (taken?.reason ?? 'nothing to drive'),
        taken?.ok === true ? 'good' : 'bad',
      )
    }
    case 'open-run':
      return openRun(session, effect.run)
    case 'open-form':
      return openForm(session, effect)
    case 'start':
      return start(session, effect.request)
    case 'open-correction':
      return openCorrection(session)
    case 'look-at-correction':
      return lookAtCorrection(session, effect)
    case 'settle-edit':
      return settleEdit(session, effect.run, effect.answer)
    case 'leave-edit':
      return leaveEdit(session)
    case 'copy':
      return copy(session, model, effect.what)
    case 'refresh':
      return session.readLibrary()
    case 'redraw':
      return terminal.redraw()
    case 'suspend':
      return terminal.suspend()
    case 'leave':
      return leave(session)
  }
}

function leave(session: SessionPort): void {
  const { client, options } = session
  if (client !== undefined && options.client === undefined && options.library !== undefined) {
    // The run was opened from the home screen: it goes on, and home is where one came from.
    return goHome(session, client, describeLeft(client))
  }
  options.terminal.leave(client === undefined ? 'left' : 'detached')
}

/** What becomes of a run that is not looked at any more. */
function describeLeft(client: RunClient): string {
  const { status, questions } = client.state
  if (status === 'finished' || status === 'aborted') return `the run is ${status}`
  if (status === 'draft') return 'the plan is kept: nothing has run'
  if (status === 'paused') return 'the run stays paused'
  if (client.connection().kind === 'lost') return 'nobody drives it now: Enter goes on with it'
  return questions.size > 0 ? 'the run waits here for an answer' : 'detached; the run goes on'
}

async function submit(session: SessionPort, intents: readonly Intent[]): Promise<void> {
  const { client } = session
  for (const [index, intent] of intents.entries()) {
    const decision = await client?.submit(intent)
    if (decision?.ok === true && intent.type === 'correct-params') {
      session.ui = { ...session.ui, screen: 'run', form: undefined }
      session.toast(`${Object.keys(intent.values).join(', ')} corrected`, 'good')
    }
    if (decision === undefined || decision.ok) continue
    const { message, hint } = decision.refusal
    // What was not accepted is open again; what comes after it was not sent.
    const open = intents.slice(index).flatMap((each) => (each.type === 'answer' ? [each.question] : []))
    session.ui = { ...session.ui, sent: session.ui.sent.filter(({ question }) => !open.includes(question)) }
    return session.toast(hint === undefined ? message : `${message}: ${hint}`, 'bad')
  }
}

async function openRun(
  session: SessionPort,
  run: Parameters<NonNullable<SessionPort['options']['library']>['open']>[0],
): Promise<void> {
  session.update({ ...session.ui, busy: sanitizeLine(`opening ${run} …`) })
  const opened = await session.options.library!.open(run)
  if (isProblem(opened)) return fail(session, opened)
  session.showRun(opened.client)
  if (opened.edit !== undefined) return showEdit(session, run, opened.edit)
  session.toast(opened.how)
}

async function openForm(
  session: SessionPort,
  { runbook, inventory }: { readonly runbook: string; readonly inventory: string },
): Promise<void> {
  const place = { runbook, inventory }
  const isLab = inventory.startsWith('lab:')
  const words = isLab ? `starting the hosts of ${place.inventory} …` : 'reading the runbook …'
  session.update({ ...session.ui, busy: sanitizeLine(words) })
  const spec = await session.options.library!.openForm(place.runbook, place.inventory)
  if (isProblem(spec)) return fail(session, spec)
  // Nothing to ask for: the plan is next.
  if (spec.fields.length === 0) return start(session, { ...place, values: {} })
  session.update({
    ...session.ui,
    busy: undefined,
    screen: 'form',
    form: createForm({ kind: 'start', ...place }, spec),
  })
}

async function start(session: SessionPort, request: StartRequest): Promise<void> {
  session.update({ ...session.ui, busy: sanitizeLine('making the plan …') })
  const started = await session.options.library!.start(request)
  if (!isProblem(started)) return session.showRun(started)
  return fail(session, started)
}

async function openCorrection(session: SessionPort): Promise<void> {
  const corrections = session.client?.corrections
  if (corrections === undefined) return session.toast('parameters cannot be corrected from here', 'warn')
  session.update({ ...session.ui, busy: sanitizeLine('reading the parameters …') })
  const spec = await corrections.openForm()
  if (isProblem(spec)) return fail(session, spec)
  session.update({ ...session.ui, busy: undefined })
  if (spec.fields.length === 0) return session.toast('this run has no parameters that can be corrected')
  const form = createForm({ kind: 'correct' }, spec)
  session.update({ ...session.ui, screen: 'form', overlay: undefined, form })
}

async function lookAtCorrection(
  session: SessionPort,
  { values, reason }: { readonly values: FormValues; readonly reason: string },
): Promise<void> {
  const corrections = session.client?.corrections
  if (corrections === undefined) return
  session.update({ ...session.ui, busy: sanitizeLine('making the plan …') })
  const view = await corrections.look(values)
  if (isProblem(view)) return fail(session, view)
  const opened = { atMs: session.options.timers.nowMs(), chunk: 0 }
  const overlay: Overlay = { kind: 'correction', values, reason, view, offset: 0, opened }
  session.update({ ...session.ui, busy: undefined, overlay })
}

/** Stays on the screen until it is put away: what went wrong is read in one's own time. */
function fail(session: SessionPort, { problem, details }: Problem): void {
  const overlay: Overlay = {
    kind: 'notice',
    what: 'problem',
    title: `${problem.slice(0, 1).toUpperCase()}${problem.slice(1)}`,
    lines: details === undefined || details.length === 0 ? [problem] : details,
    offset: 0,
    opened: { atMs: session.options.timers.nowMs(), chunk: 0 },
  }
  session.update({ ...session.ui, busy: undefined, overlay })
}

async function copy(
  session: SessionPort,
  { client, ui, ring }: Model,
  what: 'command' | 'output' | 'report',
): Promise<void> {
  if (client === undefined) return
  const text =
    what === 'output'
      ? selectOutput(ring, ui.run.outputEnd)
      : what === 'report'
        ? `handrail report ${client.run} --format md`
        : await selectCommand(session, ui.run)
  if (text === '') return session.toast('nothing to copy here')
  session.options.terminal.copy(text)
  // The terminal does not say whether it took it.
  session.toast(`sent to the clipboard: ${text.split('\n').length} lines`)
}

function selectOutput(ring: Model['ring'], outputEnd: number | undefined): string {
  if (ring === undefined) return ''
  const end = outputEnd ?? ring.end
  return ring
    .slice(end - COPIED_LINES, end)
    .map(({ text }) => text)
    .join('\n')
}

async function selectCommand({ client }: SessionPort, run: Model['ui']['run']): Promise<string> {
  const step = client === undefined ? undefined : selectShownStep(client.state, run)
  if (client === undefined || step === undefined) return ''
  const text = await client.stepText(step.id, selectShownHost(step, run))
  const commands = (text?.blocks ?? []).flatMap((block) =>
    block.kind === 'command' && block.command.verb === 'run' ? [block.command.text] : [],
  )
  return commands.join('\n')
}
