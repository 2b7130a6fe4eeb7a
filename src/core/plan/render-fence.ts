import type { Diagnostic } from '../base/diagnostic.ts'
import { diagnosticAt } from '../base/place.ts'
import type { HostName } from '../base/ids.ts'
import { renderTemplate } from '../expr/render-template.ts'
import { displayRendered, isExact } from '../expr/rendered-text.ts'
import type { LiteralStyle, Rendered, Scope, Template } from '../expr/value.ts'
import { expectationStyleOf, literalStyleOf } from '../runbook/languages.ts'
import type { Fence } from '../runbook/model.ts'
import { hostStepScope } from './host-step-scope.ts'
import type { ActionWork, CommandWork, FixtureWork, HttpWork, ProbeWork } from './model.ts'
import type { PlanSource, StepSource } from './plan-source.ts'
import { selectProbers } from './select-probers.ts'

/** Defaults of the format for `timeout`, `idle-timeout` and `reconnect`, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 600_000
const DEFAULT_IDLE_TIMEOUT_MS = 120_000
const DEFAULT_RECONNECT_MS = 900_000
/** A probe prints at its end, if at all, so its default is that of the idle clock. */
const DEFAULT_PROBE_TIMEOUT_MS = DEFAULT_IDLE_TIMEOUT_MS
const DEFAULT_EVERY_MS = 5000
const DEFAULT_FIXTURE_MODE = '0600'

/** Where a fence is rendered. */
export type FenceContext = {
  readonly source: PlanSource
  readonly step: StepSource
  readonly scope: Scope
  readonly file: string
  readonly host: HostName
  /** What the run knows by now; absent in a plan. */
  readonly lateScope?: Scope
  readonly prober?: HostName
  readonly diagnostics: Diagnostic[]
}

/** Renders an action or an undo. */
export function renderAction(fence: Fence, index: number, context: FenceContext): ActionWork {
  const { options } = fence
  const isFile = fence.verb === 'edit' || fence.verb === 'file'
  const kind = isFile ? (fence.verb as 'edit' | 'file') : fence.language === 'http' ? 'http' : 'run'
  return {
    index,
    fence,
    kind,
    command: renderCommand(fence, context),
    ...(isFile ? { file: renderFile(fence, context) } : {}),
    ...(kind === 'http' ? { http: renderHttp(fence, context) } : {}),
    interactive: options.interactive,
    repeatSafe: options.repeatSafe,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    idleTimeoutMs: options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS,
    reconnectMs: options.reconnectMs ?? DEFAULT_RECONNECT_MS,
    onTimeout: options.onTimeout ?? 'ask',
  }
}

/** Renders a probe; with one prober for it, with several the one of the request. */
export function renderProbe(fence: Fence, index: number, outer: FenceContext): ProbeWork {
  const { options } = fence
  const { targets } = outer.step
  const probers = selectProbers(options.from, outer.host, { targets, inventory: outer.source.inventory })
  const only = options.from !== undefined && probers.length === 1 ? probers[0] : undefined
  const context = withProber(outer, outer.prober ?? only)
  return {
    index,
    verb: fence.verb as ProbeWork['verb'],
    fence,
    kind: fence.language === 'http' ? 'http' : fence.language === 'cel' ? 'cel' : 'command',
    command: renderCommand(fence, context),
    ...(fence.language === 'http' ? { http: renderHttp(fence, context) } : {}),
    probers,
    expectations: fence.expectations.map(({ match, stream, wanted }) => ({
      match,
      stream,
      wanted: render(wanted, { style: expectationStyleOf(match), secrets: false }, context),
    })),
    fail: options.fail,
    everyMs: options.everyMs ?? DEFAULT_EVERY_MS,
    forMs: options.forMs ?? 0,
    passes: options.passes,
    warn: options.warn,
    ...(options.capture === undefined ? {} : { capture: options.capture }),
    timeoutMs: options.timeoutMs ?? DEFAULT_PROBE_TIMEOUT_MS,
  }
}

/** Renders a temporary file. */
export function renderFixture(fence: Fence, context: FenceContext): FixtureWork {
  const { path, owner, group, as, mode } = fence.options
  return {
    path: path === undefined ? [] : render(path, { style: 'plain', secrets: false }, context),
    content: renderBody(fence, context),
    mode: mode ?? DEFAULT_FIXTURE_MODE,
    ...textOptions({ owner, group, as }, context),
  }
}

function withProber(context: FenceContext, prober: HostName | undefined): FenceContext {
  if (prober === undefined) return context
  const { source, step, host, lateScope } = context
  return { ...context, prober, scope: hostStepScope(source, step, { host, prober, late: lateScope }) }
}

function renderCommand(fence: Fence, context: FenceContext): CommandWork {
  const { as, cwd } = fence.options
  const interpreter = interpreterOf(fence, context)
  return {
    language: fence.language,
    body: fence.language === 'cel' ? [conditionSource(fence)] : renderBody(fence, context),
    ...(interpreter === undefined
      ? {}
      : { interpreter: render(interpreter, { style: 'sh', secrets: true }, context) }),
    ...textOptions({ as, cwd }, context),
  }
}

/** A condition is shown as it is written; `evaluateCelProbe` finds it again by its text. */
function conditionSource(fence: Fence): string {
  return fence.body.parts.map((part) => (part.kind === 'text' ? part.text : part.expression.source)).join('')
}

/** The command that reads a body; `sh` has one of its own, files and requests need none. */
export function interpreterOf(fence: Fence, context: Pick<FenceContext, 'step'>): Template | undefined {
  if (fence.verb === 'edit' || fence.verb === 'file' || fence.verb === 'fixture') return undefined
  if (fence.language === 'http' || fence.language === 'cel') return undefined
  return context.step.linked.runbook.interpreters.get(fence.options.interpreter ?? fence.language)
}

function renderBody(fence: Fence, context: FenceContext): Rendered {
  const style = literalStyleOf(fence.language, fence.verb)
  const isLiteral = fence.body.parts.every((part) => part.kind === 'text')
  if (style !== undefined || isLiteral)
    return render(fence.body, { style: style ?? 'plain', secrets: true }, context)
  context.diagnostics.push(
    diagnosticAt(context.file, fence.bodySpan.start, {
      code: 'HR4005',
      message: `There is no form for values in a ${fence.language} body.`,
      hint: 'Add `literal`, and give the values in the interpreter command or as environment variables in sh.',
    }),
  )
  return []
}

function renderFile(fence: Fence, context: FenceContext) {
  const { path, owner, group, mode } = fence.options
  return {
    path: path === undefined ? '' : renderText(path, context),
    ...(mode === undefined ? {} : { mode }),
    ...textOptions({ owner, group }, context),
    ...(fence.verb === 'edit' ? { editLanguage: fence.language } : {}),
  }
}

function renderHttp(fence: Fence, context: FenceContext): HttpWork {
  const { status, ca, basic, on } = fence.options
  return {
    request: renderBody(fence, context),
    status,
    ...textOptions({ ca }, context),
    ...(basic === undefined ? {} : { basic }),
    local: on === 'local',
  }
}

function textOptions<K extends string>(
  templates: { readonly [key in K]: Template | undefined },
  context: FenceContext,
): { readonly [key in K]?: string } {
  const texts: { [key in K]?: string } = {}
  for (const key of Object.keys(templates) as K[]) {
    const template = templates[key]
    if (template !== undefined) texts[key] = renderText(template, context)
  }
  return texts
}

/** A text that must be exact once the run goes on: a path, a user, a directory. */
function renderText(template: Template, context: FenceContext): string {
  const rendered = render(template, { style: 'plain', secrets: false }, context)
  if (context.lateScope !== undefined && !isExact(rendered))
    context.diagnostics.push(
      diagnosticAt(context.file, template.span.start, {
        code: 'HR4004',
        message: `\`${template.source}\` is not known at this moment of the run.`,
        hint: 'Capture it in an earlier step.',
      }),
    )
  return displayRendered(rendered)
}

function render(
  template: Template,
  how: { readonly style: LiteralStyle; readonly secrets: boolean },
  context: FenceContext,
): Rendered {
  const { source, scope, file } = context
  const result = renderTemplate(template, { scope, file, late: source.late, ...how })
  if (result.ok) return result.rendered
  context.diagnostics.push(...result.diagnostics)
  return []
}
