import { wholeNumber } from '../arguments.ts'
import { exitOf, printItem } from '../check-items.ts'
import { readConfiguration, validSettings } from '../configuration.ts'
import { examineInstallation } from '../examination.ts'
import { usageError } from '../exit-codes.ts'
import { DEFAULT_TIMEOUT, openOutside } from '../outside.ts'
import { widthOf } from '../terminal.ts'
import type { Command } from './command.ts'
import { CONFIG, CONNECTOR, SIMULATED, TIMEOUT } from './options.ts'

export const command: Command = {
  usage: '[--connector <id> --config <file>] [options]',
  description:
    'Asks the provider, without sending anything, whether keys, permission, signature, sender and templates are in ' +
    'order, and says of each what to do. Without a connector it looks at the whole installation here: settings, database, ' +
    'clock, key, disk, addresses, servers, connections and users.',
  options: {
    connector: { ...CONNECTOR, required: false },
    config: { ...CONFIG, required: false },
    simulated: SIMULATED,
    timeout: TIMEOUT,
    offline: { type: 'boolean', help: 'Of the installation: ask neither its server nor a provider' },
  },
  notes: () =>
    'A key that may only send cannot be asked about: doctor then says which permission it would need, and exits\n' +
    'with 3. Of the installation nothing is changed; run it with the settings of the server: DATABASE_URL, DATA_DIR,\n' +
    'SECRET_KEY.',
  examples: ['countersign doctor --connector aliyun-sms --config aliyun.json', 'countersign doctor'],
  async run({ given, terminal }) {
    if (given.connector === undefined && given.config === undefined)
      return examineInstallation(terminal, { ask: given.offline !== true })
    if (given.connector === undefined || given.config === undefined)
      throw usageError(
        '--connector and --config come together; without both, doctor looks at the installation here.',
      )
    const { connector, draft } = await readConfiguration(given, terminal)
    const deadline = wholeNumber(given, 'timeout', { least: 1, most: 600_000, fallback: DEFAULT_TIMEOUT })
    if (!connector.check) throw usageError(`${connector.id} has nothing to check.`)
    const settings = validSettings(connector, draft, terminal)
    const { world } = await openOutside(connector, { simulated: given.simulated === true, deadline })
    const items = await connector.check(settings, world)
    terminal.value(
      items.map(({ subject, state, reason, remedy, links = [] }) => ({
        subject,
        state,
        reason: reason ? terminal.tell(reason) : null,
        remedy: remedy ? terminal.tell(remedy) : null,
        links: links.map(({ href }) => href),
      })),
    )
    const subject = Math.max(0, ...items.map(item => widthOf(item.subject)))
    for (const item of items) printItem(terminal, item, subject)
    return exitOf(items)
  },
}
