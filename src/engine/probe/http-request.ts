/** A request as a fence writes it. */
export type ParsedHttpRequest = {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string
}

/** Reads a request line, headers, an empty line and a body; undefined where the request line is none. */
export function parseHttpRequest(text: string): ParsedHttpRequest | undefined {
  const [head = '', ...rest] = text.split('\n\n')
  const [requestLine = '', ...headerLines] = head.trimEnd().split('\n')
  const [method, url] = requestLine.trim().split(/\s+/)
  if (method === undefined || url === undefined || !/^[A-Z]+$/.test(method) || !/^https?:\/\//.test(url))
    return undefined
  const headers = headerLines.map(parseHeader)
  if (headers.includes(undefined)) return undefined
  const body = rest.join('\n\n').replace(/\n$/, '')
  return {
    method,
    url,
    headers: headers.filter((header) => header !== undefined),
    ...(body === '' ? {} : { body }),
  }
}

function parseHeader(line: string): readonly [string, string] | undefined {
  const at = line.indexOf(':')
  return at < 1 ? undefined : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
}
