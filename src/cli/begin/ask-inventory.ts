import { UsageError } from '../../core/base/errors.ts'
import type { CliContext } from '../cli-context.ts'
import { say } from '../output/say.ts'
import { openKeyboard } from '../plain/keyboard.ts'
import type { Keyboard } from '../plain/keyboard.ts'
import type { HostAnswer, InventoryAnswers } from './build-inventory-text.ts'

/** Takes the answers from the options, and asks a person for the others. */
export async function askInventory(context: CliContext): Promise<InventoryAnswers> {
  const { world } = context
  const isAsking = world.stdin.isTTY === true && world.stderr.isTTY === true
  const keyboard = isAsking
    ? openKeyboard({ input: world.stdin, output: world.stderr, onInterrupt: () => undefined })
    : undefined
  const ask = (question: Question) => answer(context, keyboard, question)
  const name = await ask({
    option: 'name',
    words: 'What are these hosts called together',
    fallback: 'my-hosts',
  })
  const datacenters = split(
    await ask({ option: 'datacenters', words: 'Datacenters, with commas', fallback: 'DC1' }),
  )
  const racks = split(
    await ask({ option: 'racks', words: 'Racks, the same in each datacenter (none: Enter)', fallback: '' }),
  )
  const hosts: HostAnswer[] = []
  const given = context.input.list('hosts')
  for (const dc of datacenters) {
    const own = given.find((each) => each.startsWith(`${dc}:`))?.slice(dc.length + 1)
    const text =
      own ??
      (await ask({
        option: undefined,
        words: `Hosts of ${dc}: names or SSH aliases, NAME=ADDRESS where they differ`,
      }))
    hosts.push(...split(text).map((host) => parseHost(host, dc)))
  }
  const roles = split(await ask({ option: 'roles', words: 'Their roles, with commas', fallback: 'server' }))
  const user = await ask({ option: 'user', words: 'Login name (as ssh does it: Enter)', fallback: '' })
  return { name, datacenters, racks, hosts, roles, user }
}

type Question = { readonly option: string | undefined; readonly words: string; readonly fallback?: string }

async function answer(
  { input }: CliContext,
  keyboard: Keyboard | undefined,
  { option, words, fallback }: Question,
): Promise<string> {
  const given = option === undefined ? undefined : input.text(option)
  if (given !== undefined) return given
  if (keyboard === undefined) {
    if (fallback !== undefined) return fallback
    throw new UsageError('which hosts? There is nobody to ask', [
      'handrail init --hosts DC1:a,b --hosts DC2:c,d',
    ])
  }
  const shown = fallback === undefined || fallback === '' ? '' : ` [${fallback}]`
  const typed = await keyboard.ask(say`${words}${shown}: `)
  if (typed === undefined) throw new UsageError('nothing was written', ['handrail init'])
  return typed.trim() === '' ? (fallback ?? '') : typed.trim()
}

function split(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function parseHost(text: string, dc: string): HostAnswer {
  const [name = '', address] = text.split('=')
  return { name, dc, ...(address === undefined ? {} : { address }) }
}
