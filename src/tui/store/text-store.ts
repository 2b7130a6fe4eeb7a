import type { Digest, HostName, StepId } from '../../core/base/ids.ts'
import type { RunClient, StepText } from '../run-client.ts'
import type { Row } from '../term/row.ts'
import { renderPlain } from '../view-models/step-rows.ts'
import type { TextSource } from '../view-models/view-input.ts'

/** Texts that are kept; a step on a host is some KiB. */
const MAX_TEXTS = 200
/** Rendered Markdown blocks that are kept. */
const MAX_RENDERED = 500

const ABSENT: StepText = { blocks: [{ kind: 'markdown', text: 'The text of this step is not kept here.' }] }

type RenderMarkdown = (text: string, width: number) => Row[]

/** Reads step texts and values of one run in the background; `onChange` is told when one is there. */
export function createTextStore(client: RunClient, onChange: () => void): TextSource {
  const texts = new Map<string, StepText | 'reading' | 'absent'>()
  const shown = new Map<string, StepText>()
  const values = new Map<Digest, string | 'reading' | 'absent'>()
  const rendered = new Map<string, Row[]>()
  let markdown: RenderMarkdown | undefined

  const readText = async (key: string, step: StepId, host: HostName | undefined): Promise<void> => {
    const [text, module] = await Promise.all([
      client.stepText(step, host).catch(() => undefined),
      import('../view-models/markdown-rows.ts'),
    ])
    markdown = module.renderMarkdown
    texts.set(key, text ?? 'absent')
    if (text !== undefined) shown.set(`${step} ${host ?? ''}`, text)
    onChange()
  }
  const readValue = async (digest: Digest): Promise<void> => {
    values.set(digest, (await client.readValue(digest).catch(() => undefined)) ?? 'absent')
    onChange()
  }
  return {
    stepText: (step, host) => {
      // Captures and corrected parameters fill in commands: what was rendered before them is out of date, and shown until the new text is there.
      const key = `${step} ${host ?? ''} ${client.state.outline.digest} ${countCaptures(client)}`
      const known = texts.get(key)
      if (known === undefined) {
        texts.set(key, 'reading')
        trim(texts, MAX_TEXTS)
        void readText(key, step, host)
      }
      if (known === 'absent') return ABSENT
      return typeof known === 'object' ? known : shown.get(`${step} ${host ?? ''}`)
    },
    value: (digest) => {
      const known = values.get(digest)
      if (known === undefined) {
        values.set(digest, 'reading')
        trim(values, MAX_TEXTS)
        void readValue(digest)
      }
      return known === undefined || known === 'reading' || known === 'absent' ? undefined : known
    },
    renderMarkdown: (text, width) => {
      if (markdown === undefined) return renderPlain(text, width)
      const key = `${width} ${text}`
      const known = rendered.get(key) ?? markdown(text, width)
      rendered.set(key, known)
      trim(rendered, MAX_RENDERED)
      return known
    },
  }
}

function countCaptures({ state }: RunClient): number {
  let count = 0
  for (const byHost of state.captures.values()) count += byHost.size
  return count
}

function trim(map: Map<unknown, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return
    map.delete(key)
  }
}
