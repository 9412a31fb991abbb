import type { ConnectorName, Send } from './senders.ts'

/** A contestant's process: `sender.ts <contestant> <connector>`; measures when told to. */
const [, , contestant, connector] = process.argv as [string, string, string, ConnectorName]

async function load(): Promise<Send> {
  if (contestant === 'sdk') return (await import('./official-sdks.ts')).officialSdk(connector)
  const senders = await import('./senders.ts')
  return senders[contestant as 'ours' | 'logto' | 'bare'](connector)
}

async function measure(send: Send, inFlight: number, milliseconds: number) {
  const cpu = process.cpuUsage()
  const start = performance.now()
  let sends = 0
  async function loop(): Promise<void> {
    while (performance.now() - start < milliseconds) {
      await send()
      sends++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, loop))
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: sends / seconds, cpuMs: (user + system) / 1000 / sends }
}

const send = await load()
// One send alone first: it shows a contestant that does not work, and opens the connection.
await send()
process.on('message', async ({ inFlight, milliseconds }: { inFlight: number; milliseconds: number }) => {
  process.send!(await measure(send, inFlight, milliseconds))
})
process.on('disconnect', () => process.exit())
process.send!({ ready: true })
