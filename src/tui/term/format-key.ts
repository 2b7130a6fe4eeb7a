/** A key as people write it: `Ctrl+C`, `Space`, `j`. */
export function formatKey(key: string): string {
  const parts = key.length > 1 ? key.split('+') : [key]
  return parts
    .map(
      (part, index) =>
        KEY_NAMES[part] ?? (parts.length > 1 ? capitalize(part, index === parts.length - 1) : part),
    )
    .join('+')
}

function capitalize(part: string, isLast: boolean): string {
  return isLast && part.length === 1 ? part.toUpperCase() : part.slice(0, 1).toUpperCase() + part.slice(1)
}

const KEY_NAMES: { readonly [key: string]: string } = {
  space: 'Space',
  enter: 'Enter',
  tab: 'Tab',
  esc: 'Esc',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  backspace: 'Backspace',
  delete: 'Del',
  f1: 'F1',
}
