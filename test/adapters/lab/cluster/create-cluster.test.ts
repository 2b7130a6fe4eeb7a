import { describe, expect, it } from 'vitest'
import { bringUp, createTestLab, SIX } from '../lab-builder.ts'

describe('a cluster that is brought up node by node', () => {
  for (const version of ['2.2.8', '3.11.4', '4.1.3', '5.0.2']) {
    it(`has six members that see each other on ${version}`, () => {
      const lab = createTestLab(version)
      bringUp(lab)
      const { nodes, schemaVersions } = lab.cluster.describe()
      expect(
        SIX.map((name) => [nodes[name].failure, nodes[name].status, nodes[name].dc, nodes[name].rack]),
      ).toEqual(SIX.map((name) => ['', 'UN', `DC${name[2]}`, `RACK${name.at(-1)}`]))
      expect(SIX.flatMap((name) => nodes[name].seesDown)).toEqual([])
      expect(schemaVersions).toBe(1)
      expect(lab.cluster.describe().roles['cassandra']).toMatchObject({ superuser: true, login: true })
    })
  }
})
