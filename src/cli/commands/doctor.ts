import type { CliContext, CommandEnd } from '../cli-context.ts'
import { describeInspection, type Finding } from '../doctor/describe-inspection.ts'
import { inspectHost, type HostInspection } from '../doctor/inspect-host.ts'
import { inspectMachine } from '../doctor/inspect-machine.ts'
import { openInventoryHosts } from '../doctor/open-inventory-hosts.ts'
import { say } from '../output/say.ts'

/** `handrail doctor [HOST…] [-i INV]`: explains this machine, and the connection to each host. */
export async function runDoctor(context: CliContext): Promise<CommandEnd> {
  const { input, output, json } = context
  const machine = await inspectMachine(context)
  printFindings(context, 'this machine', machine)
  const names = input.rest(0)
  const hosts: HostInspection[] = []
  if (input.text('inventory') !== undefined || names.length > 0) {
    const opened = await openInventoryHosts(context, names)
    try {
      for (const host of opened.hosts) {
        const found = await inspectHost(opened.looking, host)
        hosts.push(found)
        printFindings(context, host, describeInspection(found))
      }
    } finally {
      await opened.looking.close()
    }
  }
  if (json) output.json({ machine: machine.map(({ text, tone }) => ({ text, ok: tone !== 'bad' })), hosts })
  if (machine.some(({ tone }) => tone === 'bad'))
    return { exitCode: 6, next: 'mend what is said above, then handrail doctor' }
  const lost = hosts.find(({ failure, facts }) => failure !== undefined || facts === undefined)
  return lost === undefined
    ? { exitCode: 0 }
    : {
        exitCode: 5,
        next: `mend the connection, then handrail doctor ${lost.host} -i ${input.text('inventory') ?? ''}`,
      }
}

function printFindings({ output }: CliContext, subject: string, findings: readonly Finding[]): void {
  output.tell(say`${subject}`, 'strong')
  for (const { text, tone } of findings) output.tell(say`  ${text}`, tone)
}
