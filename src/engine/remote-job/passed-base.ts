import { formatOctalMode } from '../file/octal-mode.ts'
import type { ReplyEvent } from './reply-parser.ts'

/**
 * Why a host did not take the configured base directory, in words with what to do; undefined where it did, or where
 * none is configured.
 */
export function describePassedBase(
  configured: string | undefined,
  events: readonly ReplyEvent[],
): string | undefined {
  const line = events.find((event) => event.type === 'item' && event.line.kind === 'passed')
  if (configured === undefined || line?.type !== 'item') return undefined
  const { mode = '-', owner = '-' } = line.line.fields
  return `the configured directory ${configured} ${describeTrouble(configured, mode, owner)}`
}

function describeTrouble(path: string, letters: string, owner: string): string {
  if (!path.startsWith('/')) return 'is not an absolute path: write it out in full, from the root'
  if (letters === '-')
    return `is not there and cannot be made: make it on the host, with mode 0700, for the account that logs in`
  if (letters.startsWith('l')) return 'is a symbolic link: name the directory that it leads to'
  if (!letters.startsWith('d')) return 'is not a directory: name another one'
  const mode = `0${formatOctalMode(letters)}`
  if (mode !== '0700' || letters.endsWith('+'))
    return `has mode ${mode}${letters.endsWith('+') ? ' and an access list' : ''} and belongs to ${owner}: it must be private (0700, no access list); on the host: chmod 700 ${path}`
  return `belongs to ${owner} or cannot be written to: it must belong to the account that logs in and be writable`
}
