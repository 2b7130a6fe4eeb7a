const ESC = '\u001b'

/** Asks for pastes as a whole, and for news about focus. */
export const ENTER_MODES = `${ESC}[?2004h${ESC}[?1004h`
/** Takes back what {@link ENTER_MODES} asked for, and the title. */
export const LEAVE_MODES = `${ESC}[?2004l${ESC}[?1004l`

/** The alternate screen, empty, without a cursor. */
export const ENTER_SCREEN = `${ESC}[?1049h${ESC}[?25l${ESC}[2J${ESC}[H`
/** The normal screen and its cursor. */
export const LEAVE_SCREEN = `${ESC}[?1049l${ESC}[?25h`

/** Takes back whatever another program may have asked a terminal for; the cursor stays where it is. */
export const RESET_MODES = [
  `${ESC}[?47l`,
  `${ESC}[?25h`,
  `${ESC}[?7h`,
  `${ESC}[?1000l${ESC}[?1002l${ESC}[?1003l${ESC}[?1006l`,
  LEAVE_MODES,
  `${ESC}[?2026l`,
  `${ESC}[<u`,
  `${ESC}[0m`,
].join('')

/**
 * Brings any terminal back after a program was killed: the normal screen, the cursor, no mouse, no paste or focus
 * reports, no kitty keyboard, plain colours, line wrap. `handrail reset-term` writes it and repairs the line settings.
 */
export const RESET_TERMINAL = `${ESC}[?1049l${RESET_MODES}`

/** Longest text that goes to the clipboard, in bytes: terminals cap the sequence near 75,000 characters. */
const MAX_CLIPBOARD_BYTES = 50_000

/** OSC 52: asks the terminal to take a text into its clipboard. */
export function formatClipboard(text: string): string {
  return `${ESC}]52;c;${Buffer.from(text).subarray(0, MAX_CLIPBOARD_BYTES).toString('base64')}\u0007`
}

/** OSC 2: the window's title; control characters never enter it. */
export function formatTitle(title: string): string {
  return `${ESC}]2;${title.replace(/[^\x20-\x7e]/g, '')}\u0007`
}
