import { expect, test } from 'vitest'
import { fitsRecord } from '../../src/core/journal/record.ts'
import { createScenario } from './support/sim/scenario.ts'

/** As a cloud names its machines. */
const HOSTS = Array.from(
  { length: 45 },
  (_, index) => `ip-10-0-0-${index}.eu-central-1.compute.internal.example`,
)

test('questions about many hosts with long names fit their records, and say how many they do not name', async () => {
  const scenario = createScenario([{ id: 'a', hosts: HOSTS, run: ['add a'] }])
  await scenario.finished()
  const asked = scenario.events().filter((event) => event.type === 'question-asked')
  expect(asked.map(({ question }) => question.kind)).toEqual(['plan', 'confirm'])
  for (const event of asked) {
    expect(fitsRecord(event)).toBe(true)
    const { hosts = [], moreHosts = 0 } = event.question
    expect(hosts.length + moreHosts).toBe(45)
  }
  expect(asked[1]?.question.text).toMatch(/ and \d+ more\.$/)
})
