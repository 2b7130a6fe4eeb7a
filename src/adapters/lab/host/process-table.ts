import type {
  LabProcess,
  LabService,
  LabSignal,
  ProcessChange,
  ProcessEnd,
  ProcessOptions,
} from '../program.ts'

/** The processes and open ports of one host. */
export class ProcessTable {
  /** Told of each row that came, changed or went, so that `/proc` can show it. */
  onRow: (pid: number, process: LabProcess | undefined) => void = () => {}
  private readonly rows = new Map<number, Row>()
  private readonly services = new Map<number, LabService>()
  private readonly nowMs: () => number
  private nextPid = firstPid
  constructor(nowMs: () => number) {
    this.nowMs = nowMs
  }

  list(): readonly LabProcess[] {
    return [...this.rows.values()].map(({ process }) => process)
  }

  start(options: ProcessOptions): LabProcess {
    const pid = options.pid ?? this.nextPid
    if (options.pid === undefined) this.nextPid = pid >= maxPid ? firstPid : pid + 1
    const process: LabProcess = {
      pid,
      ppid: options.ppid ?? 1,
      group: options.group ?? pid,
      user: options.user,
      command: options.command,
      startedAtMs: this.nowMs(),
      ports: [...(options.services?.keys() ?? [])],
    }
    this.rows.set(pid, { process, options })
    this.onRow(pid, process)
    for (const [port, service] of options.services ?? []) this.services.set(port, service)
    return process
  }

  end(pid: number, cause: ProcessEnd = { kind: 'exit' }): void {
    const row = this.rows.get(pid)
    if (row === undefined) return
    this.rows.delete(pid)
    this.onRow(pid, undefined)
    this.adoptChildren(pid)
    for (const port of row.process.ports) this.services.delete(port)
    row.options.onEnd?.(cause)
  }

  change(pid: number, change: ProcessChange): void {
    const row = this.rows.get(pid)
    if (row === undefined) return
    const { onSignal, ...look } = change
    const { onSignal: _before, ...options } = row.options
    const process = { ...row.process, ...look }
    this.rows.set(pid, { process, options: onSignal === undefined ? options : { ...options, onSignal } })
    this.onRow(pid, process)
  }

  /** Sends a signal; false when there is no such process. */
  signal(pid: number, signal: LabSignal): boolean {
    const row = this.rows.get(pid)
    if (row === undefined) return false
    if (signal === 'STOP' || signal === 'CONT') return true
    const isHandled = signal !== 'KILL' && row.options.onSignal?.(signal) === true
    if (!isHandled) this.end(pid, { kind: 'signal', signal })
    return true
  }

  private adoptChildren(pid: number): void {
    for (const [childPid, row] of this.rows) {
      if (row.process.ppid !== pid) continue
      const process = { ...row.process, ppid: 1 }
      this.rows.set(childPid, { ...row, process })
      this.onRow(childPid, process)
    }
  }

  endAll(cause: ProcessEnd): void {
    for (const { pid } of this.list()) this.end(pid, cause)
    this.services.clear()
  }

  listen(port: number, service: LabService): void {
    this.services.set(port, service)
  }

  unlisten(port: number): void {
    this.services.delete(port)
  }

  ports(): readonly number[] {
    return [...this.services.keys()].toSorted((a, b) => a - b)
  }

  service(port: number): LabService | undefined {
    return this.services.get(port)
  }
}

type Row = { readonly process: LabProcess; readonly options: ProcessOptions }

/** Where the numbers of a freshly booted server's own daemons end. */
const firstPid = 601
/** Linux's usual `pid_max`. */
const maxPid = 4_194_304
