/** An element of an XML text with its places; a self-closing one has no content (`contentStart` is undefined). */
export type XmlElement = {
  readonly name: string
  readonly start: number
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlElement[]
  /** Between the tags. */
  readonly contentStart?: number
  readonly contentEnd?: number
  /** Behind the start tag, `/>` included for a self-closing element. */
  readonly tagEnd: number
}
export type XmlAttribute = {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly quote: string
}

export type XmlParse =
  | { readonly isValid: true; readonly root: XmlElement }
  | { readonly isValid: false; readonly reason: string; readonly offset: number }

type Open = { -readonly [K in keyof XmlElement]: XmlElement[K] } & { children: XmlElement[] }

const TOKEN =
  /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<!DOCTYPE(?:[^[>]|\[[^\]]*\])*>|<\/([^\s>]+)\s*>|<([^\s/>!?][^\s/>]*)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|</g
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Elements within elements; deeper documents are refused rather than let the stack run out. */
const MAX_DEPTH = 500

/** Reads the elements of an XML text; entities are left as they are, no external thing is ever read. */
export function parseXmlTree(text: string): XmlParse {
  const document: Open = { name: '', start: 0, attributes: [], children: [], tagEnd: 0 }
  const stack: Open[] = [document]
  for (const match of text.matchAll(TOKEN)) {
    const [token, closing, opening, attributes = '', slash] = match
    const parent = stack.at(-1) ?? document
    if (token === '<') return { isValid: false, reason: 'a "<" begins no tag', offset: match.index }
    if (closing !== undefined) {
      if (closing !== parent.name || parent === document) {
        return { isValid: false, reason: `</${closing}> closes what is not open`, offset: match.index }
      }
      parent.contentEnd = match.index
      stack.pop()
    } else if (opening !== undefined) {
      const tagEnd = match.index + token.length
      const attributesAt = match.index + 1 + opening.length
      const element: Open = {
        name: opening,
        start: match.index,
        attributes: parseAttributes(attributes, attributesAt),
        children: [],
        tagEnd,
      }
      parent.children.push(element)
      if (slash !== '/') {
        element.contentStart = tagEnd
        stack.push(element)
        if (stack.length > MAX_DEPTH)
          return { isValid: false, reason: 'it is nested too deeply', offset: match.index }
      }
    }
  }
  const open = stack.at(-1)
  if (open !== undefined && open !== document)
    return { isValid: false, reason: `<${open.name}> is not closed`, offset: open.start }
  if (document.children.length !== 1)
    return { isValid: false, reason: 'it does not have one root element', offset: 0 }
  return { isValid: true, root: document }
}

/** The text of XML content or of an attribute's value: entities resolved, CDATA unwrapped, comments left out. */
export function unescapeXml(source: string): string {
  return source
    .split(/(<!\[CDATA\[[^]*?\]\]>)/)
    .map((part) =>
      part.startsWith('<![CDATA[') ? part.slice(9, -3) : resolveEntities(part.replace(/<!--[^]*?-->/g, '')),
    )
    .join('')
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function resolveEntities(text: string): string {
  return text.replace(/&#?\w+;/g, (entity) => {
    const name = entity.slice(1, -1)
    if (!name.startsWith('#')) return ENTITIES[name] ?? entity
    const codePoint = /^#[xX]/.test(name)
      ? Number.parseInt(name.slice(2), 16)
      : Number.parseInt(name.slice(1), 10)
    return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : entity
  })
}

function parseAttributes(source: string, offset: number): readonly XmlAttribute[] {
  return Array.from(source.matchAll(ATTRIBUTE), (match) => {
    const end = offset + match.index + match[0].length - 1
    const length = (match[2] ?? match[3] ?? '').length
    return { name: match[1] ?? '', start: end - length, end, quote: match[0].at(-1) ?? '"' }
  })
}
