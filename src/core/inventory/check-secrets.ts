import type { Node } from 'yaml'
import { isScalar, visit } from 'yaml'
import { suggestHint } from '../base/suggest-name.ts'
import type { SecretSource } from './model.ts'
import type { YamlReader } from './yaml-reader.ts'
import { complainAt } from './yaml-reader.ts'

/** Reports every `secret:NAME` whose NAME is not under `secrets:`. */
export function checkSecrets(
  reader: YamlReader,
  nodes: readonly Node[],
  secrets: ReadonlyMap<string, SecretSource>,
): void {
  for (const root of nodes)
    visit(root, {
      Scalar: (_, node) => {
        const name =
          isScalar(node) && typeof node.value === 'string' ? /^secret:(.+)$/.exec(node.value)?.[1] : undefined
        if (name === undefined || secrets.has(name)) return
        complainAt(reader, node, {
          code: 'HR2017',
          message: `There is no secret \`${name}\`.`,
          hint: suggestHint(name, secrets.keys()) ?? `Add it: secrets: { ${name}: { prompt: "${name}" } }`,
        })
      },
    })
}
