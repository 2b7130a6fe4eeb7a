import { expect, test } from 'vitest'
import { buildCredentialBreaker } from '../../../src/adapters/transport/credential-breaker.ts'
import type { CredentialLease, CredentialSource } from '../../../src/adapters/transport/credential-breaker.ts'

function buildSource(values: readonly string[]): CredentialSource & { readonly asked: boolean[] } {
  const left = [...values]
  const asked: boolean[] = []
  return {
    name: 'secret',
    asked,
    resolve: async (rejected) => {
      asked.push(rejected)
      const value = left[0]
      return value === undefined ? { ok: false, reason: 'none', hint: 'give one' } : { ok: true, value }
    },
    reject: () => void left.shift(),
  }
}

async function take(
  breaker: ReturnType<typeof buildCredentialBreaker>,
  source: CredentialSource,
): Promise<CredentialLease> {
  const taken = await breaker.take(source)
  if (!taken.ok) throw new Error(taken.reason)
  return taken
}

test('a new value is tested by one taker; the others get it only once it is proven', async () => {
  const breaker = buildCredentialBreaker()
  const source = buildSource(['right'])
  const first = await take(breaker, source)
  const order: string[] = []
  const second = take(breaker, source).then((lease) => (order.push('second'), lease))
  await Promise.resolve()
  order.push('settled')
  first.settle('accepted')
  expect((await second).value).toBe('right')
  expect(order).toEqual(['settled', 'second'])
  expect(source.asked).toEqual([false])
})

test('a refused value reaches nobody who waited; one of them asks anew and is told why', async () => {
  const breaker = buildCredentialBreaker()
  const source = buildSource(['wrong', 'right'])
  const first = await take(breaker, source)
  const waiting = [take(breaker, source), take(breaker, source)]
  first.settle('rejected')
  const tester = await Promise.race(waiting)
  expect(tester.value).toBe('right')
  tester.settle('accepted')
  expect((await Promise.all(waiting)).map((lease) => lease.value)).toEqual(['right', 'right'])
  expect(source.asked).toEqual([false, true])
})

test('a test without a result passes the turn on', async () => {
  const breaker = buildCredentialBreaker()
  const source = buildSource(['right'])
  const first = await take(breaker, source)
  const second = take(breaker, source)
  first.settle('unknown')
  expect((await second).value).toBe('right')
})

test('a value refused later is withdrawn everywhere, and never believed again', async () => {
  const breaker = buildCredentialBreaker()
  const source = buildSource(['once', 'once'])
  const first = await take(breaker, source)
  first.settle('accepted')
  const [one, two] = [await take(breaker, source), await take(breaker, source)]
  one.settle('rejected')
  two.settle('accepted')
  expect(await breaker.take(source)).toMatchObject({ ok: false })
})

test('a refusal to answer is told to all who waited for it, without asking each', async () => {
  const breaker = buildCredentialBreaker()
  const source = buildSource([])
  const all = await Promise.all([breaker.take(source), breaker.take(source), breaker.take(source)])
  expect(all.map((taken) => taken.ok)).toEqual([false, false, false])
  expect(source.asked).toEqual([false])
})
