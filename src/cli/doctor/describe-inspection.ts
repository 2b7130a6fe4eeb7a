import type { Tone } from '../output/output.ts'
import type { HostInspection } from './inspect-host.ts'
import { MAX_SKEW_SECONDS } from './inspect-host.ts'

/** Below this the outputs of a long run may not fit. */
const LOW_SPACE_KIB = 512 * 1024

/** One finding about a host or this machine. */
export type Finding = { readonly text: string; readonly tone: Tone }

/** What was found about a host in words, problems with what to do about them. */
export function describeInspection(found: HostInspection): readonly Finding[] {
  if (found.failure !== undefined) {
    const { message, hint, phase } = found.failure
    return [
      { text: `cannot connect (${phase}): ${message}`, tone: 'bad' },
      ...(hint === undefined ? [] : [{ text: hint, tone: 'plain' as const }]),
    ]
  }
  return [...describeConnection(found), ...describeAccount(found), ...describeBase(found)]
}

function describeConnection({ connection }: HostInspection): readonly Finding[] {
  if (connection === undefined) return [{ text: 'runs on this machine', tone: 'plain' }]
  const { transport, route, auth, hostKey, algorithms, notes } = connection
  const lines = [
    `connected by ${transport}${route.length === 0 ? '' : ` over ${route.join(' → ')}`}`,
    ...(auth === undefined ? [] : [`logged in with ${auth}`]),
    ...(hostKey === undefined ? [] : [`host key ${hostKey}`]),
    ...(algorithms === undefined
      ? []
      : [`${algorithms.kex}, ${algorithms.hostKey}, ${algorithms.cipher}, ${algorithms.mac}`]),
    ...notes,
  ]
  return lines.map((text) => ({ text, tone: 'plain' }))
}

const SUDO_WORDS = {
  free: 'sudo works without a password',
  asks: 'sudo asks for a password, or does not allow this user',
  none: 'there is no sudo',
}

function describeAccount({ clockSkewSeconds, sudo, shell }: HostInspection): readonly Finding[] {
  const skew = Math.abs(clockSkewSeconds ?? 0)
  return [
    ...(shell === undefined
      ? []
      : [{ text: `login shell ${shell}; commands run in /bin/sh`, tone: 'plain' as const }]),
    ...(sudo === undefined ? [] : [{ text: SUDO_WORDS[sudo], tone: 'plain' as const }]),
    ...(clockSkewSeconds === undefined
      ? []
      : [
          {
            text: `its clock differs from ours by ${skew} s${skew > MAX_SKEW_SECONDS ? ': set it right' : ''}`,
            tone: skew > MAX_SKEW_SECONDS ? ('warning' as const) : ('plain' as const),
          },
        ]),
  ]
}

function describeBase({ facts, baseProblem }: HostInspection): readonly Finding[] {
  if (facts === undefined || baseProblem !== undefined)
    return [{ text: baseProblem ?? 'the host gave no answer', tone: 'bad' }]
  const { base, freeKiB, killsUserProcesses, session, operatingSystem, fileSystem } = facts
  const findings: Finding[] = [
    { text: `jobs live in ${base} (${fileSystem}), ${operatingSystem}`, tone: 'plain' },
  ]
  if (freeKiB !== undefined)
    findings.push({
      text: `${Math.floor(freeKiB / 1024)} MiB free there`,
      tone: freeKiB < LOW_SPACE_KIB ? 'warning' : 'plain',
    })
  if (fileSystem === 'tmpfs')
    findings.push({ text: 'that directory is forgotten at a restart', tone: 'warning' })
  if (killsUserProcesses === 'yes')
    findings.push({
      text: 'KillUserProcesses ends commands with the connection: loginctl enable-linger, or KillUserProcesses=no',
      tone: 'warning',
    })
  if (session === 'none')
    findings.push({
      text: 'neither setsid nor perl is there: a cancel reaches the first process only',
      tone: 'warning',
    })
  return findings
}
