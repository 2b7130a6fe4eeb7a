import type { EditReview } from '../../../src/tui/edit-review.ts'
import { FakeClient } from './fake-client.ts'
import { EDIT, FakeDoor, HELD_EDIT, INVENTORY_EDIT, UNPLANNABLE_EDIT } from './fake-edit.ts'
import type { RunBuilder } from './run-builder.ts'
import { PARTS } from './scenario-texts.ts'
import type { Scenario } from './scenario.ts'

const DRIFT =
  'handrail 0.9.0 makes another plan of the copies that this run keeps than handrail 0.8.2, which began it.'

type Builders = { readonly looking: () => RunBuilder; readonly driving: () => RunBuilder }

/** The sheet of an edited runbook; its first key comes before it takes any. */
export function buildEditScenarios({ looking, driving }: Builders): {
  readonly [name: string]: () => Scenario
} {
  const edited = (edit: EditReview, keys: readonly string[]): Scenario => {
    const client = new FakeClient(looking(), { ...PARTS, isUndriven: true })
    const door = new FakeDoor(edit, { looking: client, driving: new FakeClient(driving(), PARTS) })
    return { client, edit, reopen: door.open, keys }
  }
  return {
    edit: () => edited(EDIT, []),
    'edit-new': () => edited(EDIT, ['x', 'j']),
    'edit-half': () => edited(EDIT, ['x', 'a', 'j', 'o', 'j', 'a', '\r']),
    'edit-decided': () => edited(EDIT, ['x', 'A', 'jj', 'o']),
    'edit-held': () => edited(HELD_EDIT, ['x', 'A', 'a']),
    'edit-inventory': () => edited(INVENTORY_EDIT, []),
    'edit-unplannable': () => edited(UNPLANNABLE_EDIT, []),
    'edit-drift': () => edited({ ...INVENTORY_EDIT, surroundings: [], drift: DRIFT }, ['x', '\r']),
  }
}
