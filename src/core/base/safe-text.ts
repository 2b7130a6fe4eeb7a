declare const safe: unique symbol

/**
 * Text that is safe to put on a terminal: no control characters but LF and TAB, no escape sequences,
 * no bidirectional or zero-width characters. Sinks (screen, plain lines, reports) accept nothing else
 * for what came from a host, a runbook or a person. Made only by `sanitizeText` and `sanitizeLine`.
 */
export type SafeText = string & { readonly [safe]: true }
