import { expect, test } from 'vitest'
import type { EngineContext } from '../../src/engine/context.ts'
import { correctParams } from '../../src/engine/correct-params.ts'
import { createWorkPool } from '../../src/engine/work-pool.ts'

const WISH = { type: 'correct-params', by: 'ann', reason: 'newer', values: { version: '2' } } as const
const PLANNED = { ok: false, refusal: { message: 'it was planned' } } as const

/** A context of which only the planner is asked: it says that it was. */
const CONTEXT = { planner: { correct: async () => PLANNED } } as unknown as EngineContext

test.each(['confirm-run  plan/#1', 'ask  stale/a@h1#1', 'ask-about a h1'])(
  'a question on its way into the journal does not keep a correction from being made: %s',
  async (key) => {
    const pool = createWorkPool()
    const { promise: recorded, resolve: record } = Promise.withResolvers<'done'>()
    pool.begin(key, () => recorded)
    const decided = correctParams(CONTEXT, pool, WISH)
    record('done')
    expect(await decided).toEqual(PLANNED)
    expect(pool.size()).toBe(0)
  },
)

test.each(['run-host a h1', 'begin-step a ', 'cancel j1', 'end-aborted  '])(
  'work on a host does: %s',
  async (key) => {
    const pool = createWorkPool()
    pool.begin('confirm-run  plan/#1', async () => 'done')
    pool.begin(key, () => new Promise(() => undefined))
    expect(await correctParams(CONTEXT, pool, WISH)).toMatchObject({
      ok: false,
      refusal: { message: 'something still runs on a host' },
    })
  },
)
