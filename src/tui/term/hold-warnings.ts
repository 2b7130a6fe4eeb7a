/** Most warnings that are kept: one that repeats itself is no more than one. */
const MAX_WARNINGS = 20

/**
 * Keeps Node's own warnings off a full screen, whose rows they would shift. Gives what ends that and hands the
 * warnings over to whoever would have printed them.
 */
export function holdWarnings(): () => void {
  const printers = process.listeners('warning')
  const held: Error[] = []
  const hold = (warning: Error): void => {
    if (held.length < MAX_WARNINGS) held.push(warning)
  }
  process.removeAllListeners('warning')
  process.on('warning', hold)
  return () => {
    process.off('warning', hold)
    for (const printer of printers) process.on('warning', printer)
    for (const warning of held) process.emit('warning', warning)
  }
}
