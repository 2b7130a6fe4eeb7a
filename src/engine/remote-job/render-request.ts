import { assert } from '../../core/base/errors.ts'
import type { JobRequest, JobSpec, Nonce, SignalReset, StartRequest } from './job-request.ts'
import { JOB_SCRIPT } from './job-script.ts'
import { quoteShellWord } from './quote-shell-word.ts'

/** Between TERM and KILL when nobody said otherwise: long enough for a service to write its state. */
export const DEFAULT_GRACE_SECONDS = 10

/**
 * The whole standard input of one exchange, to be sent to `exec /bin/sh -s`, the same for every exchange, and closed.
 * Wrapped so that the shell has parsed all of it before anything runs. It holds the secrets of `env` and `body`.
 */
export function renderRequest(request: JobRequest): string {
  const assignments = Object.entries({ ...commonValues(request), ...valuesOf(request) })
  const lines = assignments.map(([name, value]) => `h_${name}=${quoteShellWord(String(value))}\n`)
  const environment = request.verb === 'start' ? renderEnvironment(request.spec.env ?? {}) : ''
  return `${SLURP}{\n${lines.join('')}${environment}${JOB_SCRIPT}exit\n}\n`
}

/**
 * bash and ksh read a script on a pipe byte by byte, one system call each (15 ms for this program, seconds for a
 * megabyte); they are told to take it in blocks. What arrived cut off is a syntax error either way, and runs nothing.
 */
const SLURP = 'case ${BASH_VERSION-}${KSH_VERSION-} in ?*) eval "$(cat)" ;; esac\n'

/** The half of a nonce that frames the reply; never written to the host's disk. */
export function frameOf(nonce: Nonce): string {
  assert(/^[0-9a-f]{32}$/.test(nonce), 'a nonce is 32 hex digits')
  return nonce.slice(0, 16)
}

type Values = Readonly<Record<string, string | number>>

const VERB_FUNCTION = {
  base: 'choose',
  start: 'start',
  follow: 'tail',
  status: 'status',
  cancel: 'cancel',
  tombstone: 'tombstone',
  'outputs-remove': 'outputs',
  gc: 'gc',
  lock: 'lockset',
  unlock: 'unlock',
  'lock-show': 'lockshow',
  epoch: 'seize',
} as const satisfies Record<JobRequest['verb'], string>

function commonValues(request: JobRequest): Values {
  const place = request.verb === 'base' ? undefined : request.place
  return {
    n: frameOf(request.nonce),
    bn: request.nonce.slice(16),
    verb: VERB_FUNCTION[request.verb],
    host: checkName(request.verb === 'base' ? request.host : request.place.host),
    ...(place === undefined ? {} : { base: checkPath(place.base), xmk: checkName(place.marker) }),
    xb: 'boot' in request ? (request.boot ?? '') : '',
    ...('job' in request ? { id: checkName(request.job) } : {}),
    ...('run' in request ? { run: checkName(request.run) } : {}),
    ...('waitMs' in request ? { po: request.outOffset, pe: request.errOffset, wait: request.waitMs } : {}),
  }
}

function valuesOf(request: JobRequest): Values {
  switch (request.verb) {
    case 'base':
      return { conf: request.configured ?? '' }
    case 'start':
      return startValues(request)
    case 'status':
      return { ids: request.jobs.map(checkName).join(' ') }
    case 'cancel':
    case 'tombstone':
      return { grace: request.graceSeconds ?? DEFAULT_GRACE_SECONDS }
    case 'lock': {
      const { mode, run, holder, since } = request.lock
      const line = `mode=${mode} run=${checkName(run)} holder=${encodeURIComponent(holder)} since=${encodeURIComponent(since)}`
      return { run, line, force: request.force === true ? 1 : 0 }
    }
    case 'epoch':
      return { epoch: renderEpoch(request.epoch) }
    case 'follow':
    case 'outputs-remove':
    case 'gc':
    case 'unlock':
    case 'lock-show':
      return {}
  }
}

function startValues(request: StartRequest): Values {
  const { spec, expectFile } = request
  return {
    epoch: renderEpoch(request.epoch),
    body: spec.body,
    spec: renderSpec(spec),
    cwd: spec.cwd === undefined ? '' : checkPath(spec.cwd),
    file: expectFile === undefined ? '' : checkPath(expectFile.path),
    dig: expectFile?.digest ?? '',
  }
}

const SIGNAL_RESET = {
  env: 'env --default-signal=INT,QUIT',
  perl: `perl -e '$SIG{INT}=$SIG{QUIT}="DEFAULT";exec@ARGV'`,
  none: '',
} as const satisfies Record<SignalReset, string>

function renderSpec(spec: JobSpec): string {
  return [
    `h_grace=${spec.graceSeconds ?? DEFAULT_GRACE_SECONDS}\n`,
    `h_limit=${spec.killAfterSeconds ?? 0}\n`,
    `h_secret=${spec.isBodySecret === true ? 1 : 0}\n`,
    `h_int=${quoteShellWord(spec.interpreter ?? '')}\n`,
    `h_rst=${quoteShellWord(SIGNAL_RESET[spec.signals ?? 'none'])}\n`,
  ].join('')
}

function renderEnvironment(env: Readonly<Record<string, string>>): string {
  const exports = Object.entries(env).map(([name, value]) => {
    assert(/^(?!h_)[A-Za-z_][A-Za-z0-9_]*$/.test(name), `not a variable name for a job: ${name}`)
    return `export ${name}=${quoteShellWord(value)}\n`
  })
  return `h_env() {\n:\n${exports.join('')}}\n`
}

/** Nine digits, so that the names on the host sort as the numbers do. */
function renderEpoch(epoch: number): string {
  assert(Number.isSafeInteger(epoch) && epoch >= 0 && epoch < 999_999_999, `bad epoch ${epoch}`)
  return String(epoch).padStart(9, '0')
}

function checkName(name: string): string {
  assert(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,254}$/.test(name), `not a name for a path: ${name}`)
  return name
}

function checkPath(path: string): string {
  assert(path.startsWith('/'), `not an absolute path: ${path}`)
  return path
}
