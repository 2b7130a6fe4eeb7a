import type { HostName, StepId } from '../../core/base/ids.ts'
import { isRunOver } from '../../core/run/end-run.ts'
import type { StepState } from '../../core/run/state.ts'
import type { RunClient } from '../run-client.ts'
import { PANES, type RunUi, type UiState } from '../store/ui-state.ts'
import { EMPTY_FIELD, editField } from '../term/field.ts'
import type { ActionId } from '../term/key-row.ts'
import { selectOtherJob, selectOutput } from '../view-models/select-output.ts'
import { selectShownHost, selectShownStep, selectStepIds } from '../view-models/select-place.ts'
import { selectNextQuestion, selectUnanswered } from '../view-models/select-questions.ts'
import { only, type Model, type Reduction } from './model.ts'
import { openConnection } from './reduce-connection.ts'
import { createPromptUi } from './reduce-prompt.ts'
import { reduceOutputKey, scrollOutput, showLine } from './reduce-output-keys.ts'
import { openQuestion } from './reduce-question-keys.ts'
import { sayHowToDrive, sayHowToStart } from './say-how-to-drive.ts'
import { clampIndex, clampOffset, scrollBy } from './scroll.ts'
import { showToast } from './toast.ts'

/** Keys of the run screen, its search, and the report. */
export function reduceRunKey(model: Model, action: ActionId, chunk: number): Reduction {
  const { ui, client } = model
  if (client === undefined) return only(ui)
  if (ui.run.search?.isTyping === true) return only({ ...ui, run: reduceSearch(model, action) })
  const by = scrollBy(action, model.extents[ui.run.pane].page)
  if (by !== undefined) return only({ ...ui, run: scroll(model, client, by) })
  if (action === 'earlier-output' || action === 'later-output')
    return only(showOtherOutput(model, client, action === 'earlier-output' ? -1 : 1))
  const run = reduceOutputKey(model, action) ?? reduceLookKey(ui.run, action, client)
  // A search that finds nothing more says so, rather than standing still.
  if (run === ui.run && (action === 'next-match' || action === 'previous-match'))
    return only(showToast(model, describeNoMatch(ui, action)))
  if (run !== undefined) return only({ ...ui, run })
  return reduceDeed(model, client, { action, chunk })
}

/** What an action or a try before or after the shown one printed, on the same host. */
function showOtherOutput(model: Model, { state }: RunClient, by: 1 | -1): UiState {
  const { ui } = model
  const step = selectShownStep(state, ui.run)
  const host = step === undefined ? undefined : selectShownHost(step, ui.run)
  const shown = step === undefined ? undefined : selectOutput(state, step, { host, job: ui.run.job })
  const other = shown === undefined ? undefined : selectOtherJob(shown, by)
  if (step === undefined || other === undefined)
    return showToast(
      model,
      `nothing was printed ${by < 0 ? 'before' : 'after'} this by this step on this host`,
    )
  const run = {
    ...ui.run,
    pane: 'output',
    step: step.id,
    host,
    job: other.job,
    outputEnd: undefined,
  } as const
  return { ...ui, run }
}

function describeNoMatch({ run }: UiState, action: ActionId): string {
  if (run.search === undefined) return 'nothing is searched for: / begins a search'
  return `no ${action === 'next-match' ? 'older' : 'newer'} line with "${run.search.field.text}"`
}

function reduceSearch({ ui, ring }: Model, action: ActionId): RunUi {
  const { run } = ui
  const search = run.search!
  if (action === 'cancel') return { ...run, search: undefined }
  if (action !== 'accept') return { ...run, search: { ...search, field: editField(search.field, action) } }
  if (search.field.text === '' || ring === undefined) return { ...run, search: undefined }
  const line = ring.find(search.field.text, (run.outputEnd ?? ring.end) - 1, -1)
  return { ...showLine(run, ring, line), search: { ...search, isTyping: false, line } }
}

function scroll({ ui, extents, ring }: Model, client: RunClient, by: number): RunUi {
  const { run } = ui
  if (run.pane === 'output')
    return ring === undefined ? run : scrollOutput(run, ring, { by, page: extents.output.page - 1 })
  if (run.pane === 'steps' && ui.screen === 'run') return moveStep(run, client, by)
  const pane = run.pane === 'steps' ? 'step' : run.pane
  return { ...run, offsets: { ...run.offsets, [pane]: clampOffset(run.offsets[pane] + by, extents[pane]) } }
}

function moveStep(run: RunUi, client: RunClient, by: number): RunUi {
  const ids = selectStepIds(client.state)
  const current = selectShownStep(client.state, run)
  const at = current === undefined ? 0 : ids.indexOf(current.id)
  return showStep(run, ids[clampIndex(at + by, ids.length)])
}

function showStep(run: RunUi, step: StepId | undefined, host?: HostName): RunUi {
  return {
    ...run,
    step,
    host,
    job: undefined,
    outputEnd: undefined,
    offsets: { ...run.offsets, step: 0, checks: 0 },
  }
}

/** Keys that change only where one looks. */
function reduceLookKey(run: RunUi, action: ActionId, client: RunClient): RunUi | undefined {
  switch (action) {
    case 'next-pane':
    case 'previous-pane': {
      const at = PANES.indexOf(run.pane) + (action === 'next-pane' ? 1 : PANES.length - 1)
      return { ...run, pane: PANES[at % PANES.length]! }
    }
    case 'pane-1':
    case 'pane-2':
    case 'pane-3':
    case 'pane-4':
      return { ...run, pane: PANES[Number(action.slice(-1)) - 1]! }
    case 'zoom':
      return { ...run, isZoomed: !run.isZoomed }
    case 'current':
      return showStep(run, undefined)
    case 'next-host':
    case 'previous-host': {
      const step = selectShownStep(client.state, run)
      return step === undefined ? run : moveHost(run, step, action === 'next-host' ? 1 : -1)
    }
    case 'search':
      return { ...run, pane: 'output', search: { field: EMPTY_FIELD, isTyping: true, line: undefined } }
    case 'cancel':
      return { ...run, search: undefined, isZoomed: false }
    default:
      return undefined
  }
}

function moveHost(run: RunUi, step: StepState, by: number): RunUi {
  const { hosts } = step.outline
  const shown = selectShownHost(step, run)
  const at = shown === undefined ? 0 : hosts.indexOf(shown)
  const host = hosts[(at + by + hosts.length) % Math.max(1, hosts.length)]
  // Looking at a host of the step that goes on is looking at that step: it stays.
  return { ...run, step: step.id, host, job: undefined, outputEnd: undefined }
}

type Deed = { readonly action: ActionId; readonly chunk: number }

function reduceDeed(model: Model, client: RunClient, { action, chunk }: Deed): Reduction {
  const { ui, nowMs } = model
  const { state } = client
  const opened = { atMs: nowMs, chunk }
  switch (action) {
    case 'detach':
      return { ui, effects: [{ kind: 'leave' }] }
    case 'copy':
      return {
        ui,
        effects: [
          {
            kind: 'copy',
            what: ui.screen === 'report' ? 'report' : ui.run.pane === 'output' ? 'output' : 'command',
          },
        ],
      }
    case 'details':
      return only({ ...ui, overlay: { kind: 'notice', what: 'details', offset: 0, opened } })
    case 'cancel':
      return only({ ...ui, screen: 'run' })
    default:
  }
  if (isRunOver(state)) return reduceOverKey(model, action)
  return reduceDriverKey(model, client, { action, chunk })
}

/** Nothing is left to drive: there is the report, and nothing else. */
function reduceOverKey(model: Model, action: ActionId): Reduction {
  const { ui } = model
  if (action === 'answer') return only({ ...ui, screen: ui.screen === 'report' ? 'run' : 'report' })
  if (!DRIVER_ACTIONS.has(action)) return only(ui)
  const enter = ui.screen === 'report' ? 'goes back to it' : 'shows its report'
  return only(showToast(model, `the run is over; Enter ${enter}`))
}

const DRIVER_ACTIONS: ReadonlySet<ActionId> = new Set([
  'take-wheel',
  'next-waiting',
  'pause',
  'abort',
  'stop-job',
  'connection',
])

function reduceDriverKey(model: Model, client: RunClient, { action, chunk }: Deed): Reduction {
  const { ui, nowMs } = model
  const { state, operator } = client
  const opened = { atMs: nowMs, chunk }
  if (action === 'take-wheel')
    return client.isDriver()
      ? only(showToast(model, 'you drive already'))
      : { ui, effects: [{ kind: 'take-wheel' }] }
  if (client.connection().kind === 'lost')
    return only(showToast(model, `the run has no process of its own now; ${sayHowToStart(client)}`, 'warn'))
  if (!client.isDriver()) {
    const driver = client.driver() ?? 'nobody'
    return only(showToast(model, `you are watching; ${driver} drives. ${sayHowToDrive(client)}`, 'warn'))
  }
  switch (action) {
    case 'answer':
      return answerNext(model, client, chunk)
    case 'next-waiting':
      return jumpToWaiting(model, client)
    case 'pause':
      if (state.status === 'paused')
        return { ui, effects: [{ kind: 'submit', intents: [{ type: 'resume', by: operator }] }] }
      if (state.aborting !== undefined)
        return only(showToast(model, 'the run is being aborted: nothing new starts as it is'))
      return { ui, effects: [{ kind: 'submit', intents: [{ type: 'pause', by: operator }] }] }
    case 'abort':
      return only({ ...ui, overlay: { kind: 'reason', what: 'abort', field: EMPTY_FIELD, opened } })
    case 'stop-job':
      return askToStop(model, client, opened)
    case 'connection':
      return openConnection(model, opened)
    default:
      return only(ui)
  }
}

function answerNext(model: Model, client: RunClient, chunk: number): Reduction {
  const { ui } = model
  const { state } = client
  const later = client.prompts().find(({ id }) => id === ui.run.laterPrompt)
  if (later !== undefined) {
    const overlay = createPromptUi(later, { atMs: model.nowMs, chunk })
    return only({ ...ui, overlay, run: { ...ui.run, laterPrompt: undefined } })
  }
  const step = selectShownStep(state, ui.run)
  const host = step === undefined ? undefined : selectShownHost(step, ui.run)
  const question = selectNextQuestion(state, { step: step?.id, host, sent: ui.sent })
  if (question !== undefined) {
    // What is quoted below a question is the output of its own host.
    const isHere =
      question.step === undefined ||
      (question.step === step?.id && (question.host === undefined || question.host === host))
    // Its newest, whatever was looked at before.
    const run = isHere ? { ...ui.run, job: undefined } : showStep(ui.run, question.step, question.host)
    const looking = { ...ui, run }
    return only(openQuestion({ ...model, ui: looking }, question, chunk))
  }
  if (ui.sent.length > 0) {
    const opened = { atMs: model.nowMs, chunk }
    return only({ ...ui, overlay: { kind: 'notice', what: 'answering', offset: 0, opened } })
  }
  if (state.status === 'paused') return only(showToast(model, 'the run is paused; Space goes on'))
  return only(showToast(model, 'nothing waits for you'))
}

function jumpToWaiting(model: Model, { state }: RunClient): Reduction {
  const { ui } = model
  const waiting = selectUnanswered(state, ui.sent).filter(({ step }) => step !== undefined)
  const shown = selectShownStep(state, ui.run)
  const at = waiting.findIndex(
    ({ step, host }) => step === shown?.id && (host === ui.run.host || host === undefined),
  )
  const next = waiting[(at + 1) % Math.max(1, waiting.length)]
  if (next === undefined) return only(showToast(model, 'nothing waits for you'))
  return only({ ...ui, run: showStep(ui.run, next.step, next.host) })
}

function askToStop(model: Model, { state }: RunClient, opened: { atMs: number; chunk: number }): Reduction {
  const { ui } = model
  const step = selectShownStep(state, ui.run)
  const host = step === undefined ? undefined : selectShownHost(step, ui.run)
  const running =
    host === undefined
      ? undefined
      : step?.hosts.get(host)?.attempt?.jobs.find((job) => job.state === 'running')
  if (step === undefined || host === undefined || running === undefined)
    return only(showToast(model, 'nothing runs here'))
  const overlay: UiState['overlay'] = {
    kind: 'reason',
    what: 'stop-job',
    step: step.id,
    host,
    field: EMPTY_FIELD,
    opened,
  }
  return only({ ...ui, overlay })
}
