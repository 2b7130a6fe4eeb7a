import { claimJob, notify, unquote, type SimHost, type SimJob } from './sim-host.ts'
import { hash } from '../hash.ts'

/** Where a reply goes; each call is bytes on the channel. */
export type Reply = {
  readonly out: (text: string | Buffer) => void
  readonly err: (text: string | Buffer) => void
  readonly end: (code: number) => void
}

type Values = { readonly [name: string]: string }

/** The assignments of a request to the remote job program; undefined where the text is none. */
export function parseRequest(text: string): Values | undefined {
  const at = text.indexOf('{\nh_n=')
  if (at === -1) return undefined
  const values: { [name: string]: string } = {}
  const assignment = /h_(\w+)='((?:[^']|'\\'')*)'\n/y
  assignment.lastIndex = at + 2
  for (let found = assignment.exec(text); found !== null; found = assignment.exec(text)) {
    if (found[1] === 'lib') break
    values[found[1]!] = unquote(found[2]!)
  }
  return values
}

/** The remote job program: one exchange, as `job.sh` does it. */
export function serveExchange(host: SimHost, values: Values, reply: Reply): void {
  const exchange = createExchange(host, values, reply)
  const { verb } = values
  if (verb === 'choose') return exchange.choose()
  if (verb === 'tail') {
    exchange.begin('verb=follow')
    return exchange.follow()
  }
  if (host.marker !== values['xmk']) return exchange.refuse('storage')
  switch (verb) {
    case 'start':
      return exchange.start()
    case 'cancel':
      exchange.begin('verb=cancel')
      return exchange.stop()
    case 'tombstone':
      return exchange.tombstone()
    case 'lockset':
      return exchange.lock()
    case 'unlock':
      if (host.lock?.run === values['run']) host.lock = undefined
      exchange.begin('verb=lock')
      return exchange.fin('done')
    case 'gc':
      host.epochs.set(values['run']!, 999_999_999)
      exchange.begin('verb=gc')
      return exchange.fin('done removed=0 kept=0')
    case 'seize':
      return exchange.seize()
    default:
      throw new Error(`the simulated host does not know the verb ${verb}`)
  }
}

function createExchange(host: SimHost, values: Values, reply: Reply) {
  const id = values['id'] ?? ''
  const say = (line: string): void => reply.err(`\n@${values['n']} ${line}\n`)
  const begin = (words: string): void => {
    reply.out(`@${values['n']} begin\n`)
    say(`begin marker=${host.marker ?? '-'} boot=${host.boot} ${words}`)
  }
  const fin = (words: string): void => {
    say(`end ${words}`)
    reply.end(0)
  }
  const refuse = (why: string): void => {
    begin(`verb=${values['verb']}`)
    fin(`refused why=${why}`)
  }
  const follow = (): void => followJob(host, values, { out: reply.out, err: reply.err, fin })
  const stop = (): void => stopJob(host, values, fin)
  return {
    begin,
    fin,
    refuse,
    follow,
    stop,
    choose: () => {
      host.marker ??= `mark${host.random.token(8)}`
      begin('verb=base')
      say('path /base')
      fin('done uid=1000 setsid=setsid signals=env kill=no free=1000000 os=Linux fs=ext4')
    },
    start: () => {
      const why = host.jobs.has(id) ? undefined : selectRefusal(host, values)
      if (why !== undefined) return refuse(why)
      const isNew = !host.jobs.has(id)
      if (isNew) claimJob(host, { id, run: values['run']!, body: values['body']! })
      begin(`verb=start new=${isNew ? 1 : 0} pid=${isNew ? 4242 : ''} start=99`)
      follow()
    },
    tombstone: () => {
      if (!host.jobs.has(id)) host.jobs.set(id, createTombstone(host, values))
      begin('verb=tombstone')
      stop()
    },
    lock: () => {
      const line = Object.fromEntries(
        values['line']!.split(' ').map((word) => word.split('=')),
      ) as SimHost['lock']
      if (host.lock === undefined || host.lock.run === values['run'] || values['force'] === '1')
        host.lock = line
      if (host.lock?.run !== values['run']) return refuse(`locked ${formatLock(host)}`)
      begin('verb=lock')
      fin(`done ${formatLock(host)}`)
    },
    seize: () => {
      const epoch = Number(values['epoch'])
      if (epoch < (host.epochs.get(values['run']!) ?? 0))
        return refuse(`epoch epoch=${host.epochs.get(values['run']!)}`)
      host.epochs.set(values['run']!, epoch)
      begin('verb=epoch')
      fin(`done epoch=${epoch}`)
    },
  }
}

function formatLock({ lock }: SimHost): string {
  return lock === undefined
    ? ''
    : `mode=${lock.mode} run=${lock.run} holder=${lock.holder} since=${lock.since}`
}

function selectRefusal(host: SimHost, values: Values): string | undefined {
  if (values['xb'] !== '' && values['xb'] !== host.boot) return 'rebooted'
  const epoch = host.epochs.get(values['run']!) ?? 0
  if (Number(values['epoch']) < epoch) return `epoch epoch=${epoch}`
  if (host.lock?.mode === 'lock' && host.lock.run !== values['run']) return `locked ${formatLock(host)}`
  if (values['file'] === '') return undefined
  const text = host.files.get(values['file']!)
  return values['dig'] === (text === undefined ? 'absent' : hash(text)) ? undefined : 'digest'
}

function createTombstone(host: SimHost, values: Values): SimJob {
  return {
    id: values['id']!,
    run: values['run']!,
    body: '',
    boot: host.boot,
    state: 'stop---',
    supervisor: false,
    child: false,
    out: Buffer.alloc(0),
    err: Buffer.alloc(0),
  }
}

/** The verdict on a job, as the host's files and processes tell it. */
export function judgeJob(host: SimHost, values: Values): string {
  const job = host.jobs.get(values['id']!)
  if (job === undefined) {
    if (host.marker !== values['xmk']) return 'lost'
    return values['xb'] !== undefined && values['xb'] !== '' && values['xb'] !== host.boot
      ? 'rebooted'
      : 'absent'
  }
  const { state } = job
  if (state === 'stopped') return 'cancelled code=ped left=0'
  if (state.startsWith('exit')) return `exit code=${state.slice(4)}`
  if (state.startsWith('stop')) return `cancelled code=${state.slice(4)} left=0`
  if (state.startsWith('late')) return `timeout code=${state.slice(4)} left=0`
  if (job.boot !== host.boot) return 'rebooted'
  if (job.supervisor) return `running started=${state} pid=4242`
  if (state === 'claimed') return 'not-started'
  return job.child ? 'orphan pid=4243' : 'killed'
}

function stopJob(host: SimHost, values: Values, fin: (words: string) => void): void {
  const job = host.jobs.get(values['id']!)
  const verdict = judgeJob(host, values)
  if (job !== undefined && verdict !== 'rebooted' && job.state === 'claimed') job.state = 'stop---'
  if (
    job !== undefined &&
    (verdict.startsWith('running') || verdict.startsWith('orphan')) &&
    job.state === 'running'
  ) {
    host.scheduler.after(host.random.between(1, 200), () => {
      if (job.state === 'running' && job.boot === host.boot && job.child) {
        job.child = false
        job.state = verdict.startsWith('orphan') ? 'stopped' : 'stop143'
        notify(host)
      }
      fin(`${judgeJob(host, values)} out=${job.out.length} err=${job.err.length}`)
    })
    return
  }
  notify(host)
  fin(`${judgeJob(host, values)} out=${job?.out.length ?? '-'} err=${job?.err.length ?? '-'}`)
}

/** Sends output from the offsets until the job's end, or until the time is over. */
function followJob(
  host: SimHost,
  values: Values,
  reply: Pick<Reply, 'out' | 'err'> & { readonly fin: (words: string) => void },
): void {
  let out = Number(values['po'])
  let err = Number(values['pe'])
  let isOver = false
  const look = (): void => {
    const job = host.jobs.get(values['id']!)
    const verdict = judgeJob(host, values)
    if (job !== undefined && job.out.length > out) {
      reply.out(job.out.subarray(out))
      out = job.out.length
    }
    if (job !== undefined && job.err.length > err) {
      reply.err(job.err.subarray(err))
      err = job.err.length
    }
    const goesOn = (verdict.startsWith('running') || verdict.startsWith('orphan')) && !isOver
    if (goesOn) return
    cancel()
    host.watchers.delete(look)
    reply.fin(`${verdict}${job === undefined ? ' gone=1' : ''} sent=1 out=${out} err=${err}`)
  }
  const cancel = host.scheduler.after(Number(values['wait']), () => {
    isOver = true
    look()
  })
  host.watchers.add(look)
  look()
}
