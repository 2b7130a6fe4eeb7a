import type { ClusterModel } from '../cluster/create-cluster.ts'
import type { NodeState } from '../cluster/cluster-state.ts'
import { stopNode } from '../cluster/stop-node.ts'
import { findNode, formatLogTime } from '../cluster/world.ts'
import type { Program, ProgramContext } from '../program.ts'
import { readUnit } from './systemd-unit.ts'
import type { SystemdUnit } from './systemd-unit.ts'

type Call = { readonly cluster: ClusterModel; readonly context: ProgramContext; readonly unit: SystemdUnit }

/** systemctl for the unit that starts Cassandra, whatever its name: its ExecStart decides. */
export function systemctlProgram(cluster: ClusterModel): Program {
  return async (context) => {
    cluster.advance()
    const words = context.args.filter((arg) => !arg.startsWith('-'))
    const [verb = '', ...names] = words
    if (verb === 'daemon-reload') return mayManage(context, 'reload daemon') ? 0 : NO_PERMISSION
    let code = 0
    for (const name of names) {
      const unit = readUnit(context.fs, name)
      const result =
        unit === undefined
          ? refuseMissing(context, verb, name)
          : await runVerb({ cluster, context, unit }, verb)
      code = Math.max(code, result)
    }
    return code
  }
}

/** Exit codes of systemctl and of the LSB. */
const NO_PERMISSION = 4
const NOT_RUNNING = 3
const NO_UNIT = 4
const NO_SUCH_UNIT = 5

async function runVerb(call: Call, verb: string): Promise<number> {
  switch (verb) {
    case 'start':
      return start(call)
    case 'stop':
      return stop(call)
    case 'restart': {
      const stopped = stop(call)
      return stopped === 0 ? start(call) : stopped
    }
    case 'is-active':
      return isActive(call)
    case 'is-enabled':
      return isEnabled(call)
    case 'is-failed':
      return tell(call.context, `${stateOf(call)}\n`, stateOf(call) === 'failed' ? 0 : 1)
    case 'status':
      return status(call)
    case 'enable':
    case 'disable':
      return enable(call, verb === 'enable')
    case 'reset-failed':
      return 0
    default:
      call.context.writeError(`Unknown operation '${verb}'.\n`)
      return 1
  }
}

async function start(call: Call): Promise<number> {
  const { context, unit } = call
  if (!mayManage(context, `start ${unit.name}`)) return NO_PERMISSION
  if (stateOf(call) === 'active') return 0
  const user =
    context.host.users().find((each) => each.name === unit.user) ??
    (unit.user === context.user.name ? context.user : undefined)
  const command = unit.command.filter((word) => word !== '-f')
  const refused = (): number => {
    context.writeError(
      `Job for ${unit.name} failed because the control process exited with error code. See "systemctl status ${unit.name}" and "journalctl -xe" for details.\n`,
    )
    return 1
  }
  if (user === undefined) return refused()
  const env = new Map([['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin'], ...unit.environment])
  const code = await context.run(command, {
    user,
    env,
    cwd: '/',
    stdin: '',
    write: silent,
    writeError: silent,
  })
  return code === 0 ? 0 : refused()
}

/** What a service prints goes to the journal of the system, which the practice hosts do not have. */
function silent(): void {}

function stop(call: Call): number {
  const { cluster, context, unit } = call
  if (!mayManage(context, `stop ${unit.name}`)) return NO_PERMISSION
  stopNode(cluster.world, context.host.name, 'shutdown')
  return 0
}

function isActive(call: Call): number {
  const state = stateOf(call)
  return tell(call.context, `${state}\n`, state === 'active' ? 0 : NOT_RUNNING)
}

function isEnabled({ context, unit }: Call): number {
  const isOn = context.fs.exists(wantsLink(unit))
  return tell(context, isOn ? 'enabled\n' : 'disabled\n', isOn ? 0 : 1)
}

function status(call: Call): number {
  const { cluster, context, unit } = call
  const node = nodeOf(call)
  const state = stateOf(call)
  const detail = state === 'active' ? 'running' : state === 'failed' ? 'Result: exit-code' : 'dead'
  const since = `${formatLogTime(node?.startedAtMs ?? cluster.world.clock.nowMs()).slice(0, 19)} UTC`
  const mark = context.fs.exists(wantsLink(unit)) ? 'enabled' : 'disabled'
  context.write(
    `* ${unit.name} - ${unit.description}\n   Loaded: loaded (${unit.path}; ${mark}; vendor preset: disabled)\n`,
  )
  context.write(`   Active: ${state} (${detail})${state === 'inactive' ? '' : ` since ${since}`}\n`)
  if (state === 'active') context.write(` Main PID: ${node?.pid ?? 0} (java)\n`)
  return state === 'active' ? 0 : NOT_RUNNING
}

function enable({ context, unit }: Call, isOn: boolean): number {
  if (!mayManage(context, `${isOn ? 'enable' : 'disable'} ${unit.name}`)) return NO_PERMISSION
  const link = wantsLink(unit)
  if (isOn && !context.fs.exists(link)) {
    context.fs.mkdir(link.slice(0, link.lastIndexOf('/')), { parents: true })
    context.fs.symlink(unit.path, link)
    context.writeError(`Created symlink from ${link} to ${unit.path}.\n`)
  }
  if (!isOn && context.fs.exists(link)) {
    context.fs.remove(link)
    context.writeError(`Removed symlink ${link}.\n`)
  }
  return 0
}

function wantsLink(unit: SystemdUnit): string {
  return `/etc/systemd/system/multi-user.target.wants/${unit.name}`
}

/** The node of this host, where the unit is the one that starts it. */
function nodeOf({ cluster, context, unit }: Call): NodeState | undefined {
  const node = findNode(cluster.world, context.host.name)
  return unit.command[0]?.endsWith('/bin/cassandra') === true ? node : undefined
}

function stateOf(call: Call): 'active' | 'inactive' | 'failed' {
  const node = nodeOf(call)
  if (node === undefined) return 'inactive'
  if (node.phase !== 'stopped') return 'active'
  return node.failure === undefined ? 'inactive' : 'failed'
}

function refuseMissing(context: ProgramContext, verb: string, name: string): number {
  const unit = name.endsWith('.service') ? name : `${name}.service`
  if (verb === 'is-active') return tell(context, 'inactive\n', NOT_RUNNING)
  if (verb === 'status') {
    context.writeError(`Unit ${unit} could not be found.\n`)
    return NO_UNIT
  }
  context.writeError(`Failed to ${verb} ${unit}: Unit ${unit} not found.\n`)
  return verb === 'is-enabled' ? 1 : NO_SUCH_UNIT
}

function mayManage(context: ProgramContext, what: string): boolean {
  if (context.user.uid === 0) return true
  context.writeError(`Failed to ${what}: Interactive authentication required.\n`)
  return false
}

function tell(context: ProgramContext, text: string, code: number): number {
  context.write(text)
  return code
}
