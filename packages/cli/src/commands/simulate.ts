import { didYouMean } from '@countersign/kit'
import { sampleSettings, startSimulators } from '@countersign/simulators'
import { wholeNumber } from '../arguments.ts'
import { EXIT, usageError } from '../exit-codes.ts'
import type { Command } from './command.ts'

const DEFAULT_PORT = 3003

export const command: Command = {
  usage: '[options]',
  description:
    'Runs the simulated clouds until Ctrl-C. One port answers for all of them, with their inbox; nothing leaves the ' +
    'machine.',
  options: {
    port: {
      type: 'string',
      value: '<port>',
      help: 'Port of the site that answers for all clouds; 0: a free one [3003]',
    },
    host: { type: 'string', value: '<address>', help: 'Address to listen at [127.0.0.1]' },
    'cloud-ports': {
      type: 'string',
      value: '<port>',
      help: 'Give each cloud a port of its own as well, counted from this one; 0: free ones',
    },
    'no-frequency': { type: 'boolean', help: 'Without the limits of messages to one number' },
    sample: {
      type: 'string',
      value: '<id>',
      help: "Print a connector's configuration for the simulated cloud, and start nothing",
    },
  },
  notes: () =>
    'The accounts, magic numbers and faults of the simulated clouds: packages/simulators/README.md.',
  examples: [
    'countersign simulate --port 3010 --no-frequency',
    'countersign simulate --sample aliyun-sms > aliyun.json',
  ],
  async run({ given, terminal }) {
    const port = wholeNumber(given, 'port', { least: 0, most: 65_535, fallback: DEFAULT_PORT })
    if (given.sample !== undefined) {
      const sample = {
        ...sampleFor(String(given.sample)),
        endpoint: `http://127.0.0.1:${port || DEFAULT_PORT}`,
      }
      if (terminal.json) terminal.value(sample)
      else terminal.line(JSON.stringify(sample, null, 2))
      return EXIT.ok
    }
    const first =
      given['cloud-ports'] === undefined
        ? undefined
        : wholeNumber(given, 'cloud-ports', { least: 0, most: 65_532, fallback: 0 })
    const after = (count: number) => (first === 0 ? 0 : first! + count)
    // Before anything is printed: whoever waits for that may send the signal at once.
    const asked = new Promise<void>(resolve => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    })
    const { addresses, close } = await startSimulators({
      ports: {
        site: port,
        ...(first !== undefined && {
          'aliyun-sms': after(0),
          'aliyun-dm': after(1),
          'tencent-sms': after(2),
          'aliyun-pnvs': after(3),
        }),
      },
      frequencyControl: given['no-frequency'] !== true,
      quiet: true,
      ...(given.host !== undefined && { host: String(given.host) }),
    }).catch(refuseToListen)
    terminal.value({ addresses, frequencyControl: given['no-frequency'] !== true })
    const { site, inbox, control, ...clouds } = addresses
    terminal.line(terminal.paint('bold', 'Simulated clouds; nothing leaves this machine. Ctrl-C ends them.'))
    terminal.rows([
      ['All clouds', `${site}  (the "endpoint" of a configuration)`],
      ...Object.entries(clouds).map(([name, address]) => [name, address] as const),
      ['Inbox', inbox],
      ['Control', control],
    ])
    const { port: own } = new URL(site!)
    const samples = `${Object.keys(sampleSettings).join('|')}${own === String(DEFAULT_PORT) ? '' : ` --port ${own}`}`
    terminal.line(`\nConfigurations that they accept: countersign simulate --sample ${samples}`)
    await asked
    await close()
    return EXIT.ok
  },
}

function sampleFor(id: string): Record<string, unknown> {
  const ids = Object.keys(sampleSettings)
  if (!ids.includes(id))
    throw usageError(`There is no such simulated cloud.${didYouMean(id, ids)} There are ${ids.join(', ')}.`)
  return sampleSettings[id as keyof typeof sampleSettings]
}

function refuseToListen(error: NodeJS.ErrnoException & { port?: number }): never {
  if (error.code === 'EADDRINUSE')
    throw usageError(`Port ${error.port} is taken; choose another one with --port.`)
  if (error.code === 'EACCES') throw usageError(`Port ${error.port} may not be listened at.`)
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    throw usageError('This machine has no such address to listen at; see --host.')
  throw error
}
