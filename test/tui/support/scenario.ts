import type { EditReview } from '../../../src/tui/edit-review.ts'
import type { Library } from '../../../src/tui/library.ts'
import type { RunClient } from '../../../src/tui/run-client.ts'

export type Scenario = {
  readonly client?: RunClient
  readonly library?: Library
  readonly edit?: EditReview
  readonly reopen?: Library['open']
  readonly keys: readonly string[]
}
