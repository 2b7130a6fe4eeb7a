import type {
  AttachedTerminal,
  Terminal,
  TerminalInput,
  TerminalQuestion,
  TerminalSize,
} from '../../engine/ports/terminal.ts'
import type { RunnerMessage, RunnerQuestion } from './messages.ts'

/** The client that drives, as far as its terminal goes. */
export type TerminalOwner = {
  readonly send: (message: RunnerMessage) => void
  readonly terminalSize: () => TerminalSize | undefined
}

/** The terminal of whoever drives, lent over the socket. */
export type TerminalRelay = {
  readonly terminal: Terminal
  /** Somebody else drives; a command that has the terminal asks the new driver for theirs. */
  readonly driverChanged: () => void
  readonly onInput: (from: TerminalOwner, id: number, bytes: Uint8Array) => void
  readonly onSize: (from: TerminalOwner, size: TerminalSize) => void
  readonly onLeave: (from: TerminalOwner, id: number) => void
}

/** Bytes of a command's last output that a new driver is shown: several screens. */
const BACKLOG_BYTES = 64 * 1024

/** A terminal whose client said nothing of its size. */
const USUAL_SIZE: TerminalSize = { columns: 80, rows: 24, term: 'xterm' }

type Lending = {
  readonly id: number
  readonly question: TerminalQuestion | undefined
  readonly input: TerminalInput
  owner: TerminalOwner | undefined
  backlog: Buffer[]
  backlogBytes: number
  /** Aborts when the command has ended. */
  readonly over: AbortController
}

type Ask = (question: RunnerQuestion, over?: AbortSignal) => Promise<unknown>

/** Relays between a command and the driver of the run. A driver that leaves takes nothing from the command. */
export function createTerminalRelay(driver: () => TerminalOwner | undefined, ask: Ask): TerminalRelay {
  const relay = new Relay(driver, ask)
  const { terminal } = relay
  return {
    terminal,
    driverChanged: () => relay.driverChanged(),
    onInput: (from, id, bytes) => relay.find(from, id)?.input.write(bytes),
    onSize: (from, { columns, rows }) =>
      relay.ownedBy(from).forEach(({ input }) => input.resize(columns, rows)),
    onLeave: (from, id) => relay.leave(relay.find(from, id)),
  }
}

class Relay {
  readonly #driver: () => TerminalOwner | undefined
  readonly #ask: Ask
  readonly #lendings = new Map<number, Lending>()
  #nextId = 1
  #lastOffered: TerminalQuestion | undefined

  constructor(driver: () => TerminalOwner | undefined, ask: Ask) {
    this.#driver = driver
    this.#ask = ask
  }

  readonly terminal: Terminal = {
    offer: async (question) => {
      if (this.#owner() === undefined) return false
      this.#lastOffered = question
      return (await this.#ask({ kind: 'terminal', question })) === true
    },
    size: () => this.#owner()?.terminalSize() ?? USUAL_SIZE,
    attach: (input) => this.#attach(input),
  }

  find(owner: TerminalOwner, id: number): Lending | undefined {
    const lending = this.#lendings.get(id)
    return lending?.owner === owner ? lending : undefined
  }

  ownedBy(owner: TerminalOwner): Lending[] {
    return [...this.#lendings.values()].filter((lending) => lending.owner === owner)
  }

  driverChanged(): void {
    for (const lending of this.#lendings.values()) {
      if (lending.owner === this.#driver()) continue
      lending.owner?.send({ type: 'terminal-close', id: lending.id })
      this.leave(lending)
    }
  }

  leave(lending: Lending | undefined): void {
    if (lending === undefined) return
    lending.owner = undefined
    void this.#lendAgain(lending)
  }

  #attach(input: TerminalInput): AttachedTerminal {
    const id = this.#nextId
    this.#nextId += 1
    const lending: Lending = {
      id,
      question: this.#lastOffered,
      input,
      owner: undefined,
      backlog: [],
      backlogBytes: 0,
      over: new AbortController(),
    }
    this.#lendings.set(id, lending)
    const owner = this.#owner()
    if (owner !== undefined) lend(lending, owner)
    return {
      show: (bytes) => show(lending, bytes),
      release: () => {
        this.#lendings.delete(id)
        lending.over.abort()
        lending.owner?.send({ type: 'terminal-close', id })
      },
    }
  }

  #owner(): TerminalOwner | undefined {
    const driver = this.#driver()
    return driver?.terminalSize() === undefined ? undefined : driver
  }

  async #lendAgain(lending: Lending): Promise<void> {
    const owner = this.#owner()
    if (owner === undefined || lending.question === undefined) return
    const question = { ...lending.question, isUnderWay: true }
    const isGiven = await this.#ask({ kind: 'terminal', question }, lending.over.signal)
    const isFree = this.#lendings.has(lending.id) && lending.owner === undefined
    if (isGiven === true && this.#driver() === owner && isFree) lend(lending, owner)
  }
}

function lend(lending: Lending, owner: TerminalOwner): void {
  lending.owner = owner
  owner.send({ type: 'terminal-open', id: lending.id, host: lending.input.host })
  for (const bytes of lending.backlog) sendOutput(lending.id, owner, bytes)
  const size = owner.terminalSize()
  if (size !== undefined) lending.input.resize(size.columns, size.rows)
}

function show(lending: Lending, bytes: Uint8Array): void {
  const copy = Buffer.from(bytes)
  lending.backlog.push(copy)
  lending.backlogBytes += copy.length
  while (lending.backlogBytes > BACKLOG_BYTES && lending.backlog.length > 1)
    lending.backlogBytes -= lending.backlog.shift()?.length ?? 0
  if (lending.owner !== undefined) sendOutput(lending.id, lending.owner, copy)
}

function sendOutput(id: number, owner: TerminalOwner, bytes: Buffer): void {
  owner.send({ type: 'terminal-output', id, base64: bytes.toString('base64') })
}
