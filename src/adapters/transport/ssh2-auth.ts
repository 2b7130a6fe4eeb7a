import { sanitizeText } from '../../core/base/sanitize.ts'
import type { AnyAuthMethod, AuthenticationType, KeyboardInteractiveCallback, Prompt } from 'ssh2'
import type { Prompter } from '../../engine/ports/prompter.ts'
import type { CredentialBreaker, CredentialLease, CredentialSource } from './credential-breaker.ts'
import { SingleKeyAgent } from './key-candidates.ts'
import type { KeyCandidate } from './key-candidates.ts'
import { formatHop } from './target.ts'
import type { Hop } from './target.ts'
import type { HostName } from '../../core/base/ids.ts'

/** Answers given to one server's keyboard-interactive or password questions in one connection, as OpenSSH (3). */
const SECRET_TRIES = 3
/** Characters of a server's question that are shown: more than any real one has. */
const QUESTION_CHARACTERS = 2_000
const PASSWORD_PROMPT = /passw(or)?d|passphrase/i
const CHANGE_PROMPT = /new|retype|again|change|current/i

export type AuthDeps = {
  readonly hop: Hop
  readonly host: HostName
  readonly candidates: () => Promise<readonly KeyCandidate[]>
  readonly breaker: CredentialBreaker
  readonly passwordSource: CredentialSource
  readonly prompter: Prompter
  readonly pauseWhile: <T>(ask: () => Promise<T>) => Promise<T>
}

/** One login: what to try next, and what to say when nothing is left. */
export type AuthMachine = {
  /** For ssh2's `authHandler`. */
  readonly next: (
    methods: readonly string[] | null,
    partial: boolean | null,
    reply: (method: AnyAuthMethod | false) => void,
  ) => void
  /** The methods of the server's last refusal, which ssh2 does not hand on for agent keys. */
  readonly noteMethodsLeft: (methods: readonly string[]) => void
  /** The login succeeded, was refused for good, or the connection went away with a question open. */
  readonly finish: (result: 'accepted' | 'rejected' | 'unknown') => void
  /** Called when a question of the server's cannot be answered: the connection is to be ended, not answered falsely. */
  readonly onGiveUp: (end: () => void) => void
  readonly hasGivenUp: () => boolean
  /** How the login succeeded, in words. */ readonly method: () => string
  readonly describeFailure: () => { readonly message: string; readonly hint: string }
}

type State = {
  readonly deps: AuthDeps
  methods: readonly string[] | undefined
  keys: KeyCandidate[] | undefined
  readonly tried: string[]
  lease: CredentialLease | undefined
  interactiveTries: number
  passwordTries: number
  giveUp: () => void
  hasGivenUp: boolean
  /** Why a secret could not be had. */ lack: string | undefined
}

/** Builds the state machine of one login: `none` to learn the methods, keys, keyboard-interactive, password. */
export function buildAuthMachine(deps: AuthDeps): AuthMachine {
  const state: State = {
    deps,
    methods: undefined,
    keys: undefined,
    tried: [],
    lease: undefined,
    interactiveTries: 0,
    passwordTries: 0,
    giveUp: () => {},
    hasGivenUp: false,
    lack: undefined,
  }
  const finish = (result: 'accepted' | 'rejected' | 'unknown') => {
    state.lease?.settle(result)
    state.lease = undefined
  }
  return {
    next: (methods, partial, reply) => {
      if (state.lease !== undefined) finish(partial === true ? 'accepted' : 'rejected')
      state.methods ??= methods ?? undefined
      choose(state).then(reply, () => reply(false))
    },
    noteMethodsLeft: (methods) => (state.methods = methods),
    finish,
    onGiveUp: (end) => (state.giveUp = end),
    hasGivenUp: () => state.hasGivenUp,
    method: () => state.tried.at(-1) ?? 'none',
    describeFailure: () => describeFailure(state),
  }
}

async function choose(state: State): Promise<AnyAuthMethod | false> {
  const { deps } = state
  const username = deps.hop.user
  if (state.tried.length === 0) {
    state.tried.push('none')
    return { type: 'none', username }
  }
  const allows = (method: AuthenticationType) => state.methods?.includes(method) === true
  if (allows('publickey')) {
    state.keys ??= [...(await deps.candidates())]
    const candidate = state.keys.shift()
    if (candidate !== undefined) {
      state.tried.push(candidate.label)
      return { type: 'agent', username, agent: new SingleKeyAgent(candidate) }
    }
  }
  if (allows('keyboard-interactive') && state.interactiveTries < SECRET_TRIES) {
    state.interactiveTries++
    state.tried.push('keyboard-interactive')
    return { type: 'keyboard-interactive', username, prompt: (...question) => void answer(state, question) }
  }
  if (!allows('password') || state.passwordTries >= SECRET_TRIES) return false
  state.passwordTries++
  const value = await takePassword(state)
  if (value === undefined) return false
  state.tried.push('password')
  return { type: 'password', username, password: value }
}

async function answer(
  state: State,
  [name, instructions, , prompts, finish]: [string, string, string, Prompt[], KeyboardInteractiveCallback],
): Promise<void> {
  const answers = await collectAnswers(state, { name, instructions, prompts }).catch(() => undefined)
  if (answers !== undefined) return finish([...answers])
  // An empty answer would count as a wrong password on the server.
  state.hasGivenUp = true
  state.giveUp()
}

async function collectAnswers(
  state: State,
  question: {
    name: string
    instructions: string
    prompts: readonly Prompt[]
  },
): Promise<readonly string[] | undefined> {
  const { deps } = state
  const others = question.prompts.filter((prompt) => !isStored(prompt))
  const stored = question.prompts.length > others.length ? await takePassword(state) : ''
  if (stored === undefined) return undefined
  const asked =
    others.length === 0
      ? []
      : await deps.pauseWhile(() =>
          deps.prompter.askInteractive({
            host: deps.host,
            name: clean(question.name),
            instructions: clean(question.instructions),
            prompts: others.map((prompt) => ({ text: clean(prompt.prompt), echo: prompt.echo === true })),
          }),
        )
  if (asked === undefined) {
    state.lack = 'nobody answered its question'
    return undefined
  }
  const rest = [...asked]
  return question.prompts.map((prompt) => (isStored(prompt) ? stored : (rest.shift() ?? '')))
}

/** Asks for the login password that we hold, rather than for a code or a new password. */
function isStored(prompt: Prompt): boolean {
  return prompt.echo !== true && PASSWORD_PROMPT.test(prompt.prompt) && !CHANGE_PROMPT.test(prompt.prompt)
}

/** What a server asks is hostile text: cut and made safe before a person sees it. */
function clean(text: string): string {
  return sanitizeText(text.slice(0, QUESTION_CHARACTERS))
}

async function takePassword(state: State): Promise<string | undefined> {
  const taken = await state.deps.breaker.take(state.deps.passwordSource)
  if (!taken.ok) {
    state.lack = taken.reason
    return undefined
  }
  state.lease = taken
  return taken.value
}

function describeFailure(state: State): { message: string; hint: string } {
  const { hop } = state.deps
  const tried = state.tried.filter((each) => each !== 'none')
  const offered = state.methods === undefined ? '' : ` The server allows: ${state.methods.join(', ')}.`
  const what = tried.length === 0 ? 'nothing to log in with' : `refused ${tried.join(', ')}`
  const lack = state.lack === undefined ? '' : ` ${state.lack}.`
  return {
    message: `${hop.label}: login as ${formatHop(hop)} failed: ${what}.${lack}${offered}`,
    hint:
      state.methods?.includes('publickey') === true
        ? 'Add the right key to the agent, or name it with ssh.identity in the inventory.'
        : 'Check the user name and the secret that the inventory names.',
  }
}
