import { spawn } from 'node:child_process'

/** What the tool did. */
export type ToolRun = {
  /** Undefined where it was killed. */
  readonly exitCode: number | undefined
  readonly stdout: string
  /** Standard output and standard error as they came. */
  readonly output: string
}

/** The tool while it runs. */
export type RunningTool = {
  readonly done: Promise<ToolRun>
  /** Ends it outright, so that it can record nothing any more. */
  readonly kill: () => void
}

/** Longest time that one command of a test may take; a tool that waits for ever is a failure, not a pause. */
const LIMIT_MS = 120_000

/** Starts the tool without a terminal. */
export function runTool(options: {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly limitMs?: number
}): RunningTool {
  const [program = '', ...args] = options.command
  const { promise, resolve } = Promise.withResolvers<ToolRun>()
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: options.env })
  let stdout = ''
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), options.limitMs ?? LIMIT_MS)
  child.on('error', (error) =>
    resolve({ exitCode: undefined, stdout, output: `${output}${error.message}\n` }),
  )
  child.on('close', (code) => {
    clearTimeout(timer)
    resolve({ exitCode: code ?? undefined, stdout, output })
  })
  return { done: promise, kill: () => void child.kill('SIGKILL') }
}
