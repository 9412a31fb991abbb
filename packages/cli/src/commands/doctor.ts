import type { CheckItem } from '@countersign/kit'
import { wholeNumber } from '../arguments.ts'
import { readConfiguration, validSettings } from '../configuration.ts'
import { EXIT, type ExitCode, usageError } from '../exit-codes.ts'
import { DEFAULT_TIMEOUT, openOutside } from '../outside.ts'
import { pad, printable, type Terminal, widthOf } from '../terminal.ts'
import { WORDS } from '../words.ts'
import type { Command } from './command.ts'
import { CONFIG, CONNECTOR, SIMULATED, TIMEOUT } from './options.ts'

export const command: Command = {
  usage: '--connector <id> --config <file> [options]',
  description:
    'Asks the provider, without sending anything, whether keys, permission, signature, sender and templates are in ' +
    'order, and says of each what to do.',
  options: { connector: CONNECTOR, config: CONFIG, simulated: SIMULATED, timeout: TIMEOUT },
  notes: () =>
    'A key that may only send cannot be asked about: doctor then says which permission it would need, and exits\n' +
    'with 3.',
  examples: ['countersign doctor --connector aliyun-sms --config aliyun.json'],
  async run({ given, terminal }) {
    const { connector, draft } = await readConfiguration(given, terminal)
    const deadline = wholeNumber(given, 'timeout', { least: 1, most: 600_000, fallback: DEFAULT_TIMEOUT })
    if (!connector.check) throw usageError(`${connector.id} has nothing to check.`)
    const settings = validSettings(connector, draft, terminal)
    const { world } = await openOutside(connector, { simulated: given.simulated === true, deadline })
    const items = await connector.check(settings, world)
    terminal.value(
      items.map(({ subject, state, reason, remedy }) => ({
        subject,
        state,
        reason: reason ? terminal.tell(reason) : null,
        remedy: remedy ? terminal.tell(remedy) : null,
      })),
    )
    const subject = Math.max(0, ...items.map(item => widthOf(item.subject)))
    for (const item of items) print(terminal, item, subject)
    return exitOf(items)
  },
}

const MARKS = {
  approved: ['green', '✓'],
  in_review: ['yellow', '…'],
  rejected: ['red', '✗'],
  missing: ['red', '✗'],
  unknown: ['yellow', '?'],
} as const

function print(terminal: Terminal, { subject, state, reason, remedy }: CheckItem, width: number): void {
  const [colour, mark] = MARKS[state]
  const word = terminal.paint(colour, terminal.tell(WORDS[state]))
  terminal.line(`${terminal.paint(colour, mark)} ${pad(printable(subject), width + 2)}${word}`)
  if (reason) terminal.line(`    ${printable(terminal.tell(reason))}`)
  if (remedy) terminal.line(`    ${terminal.tell(WORDS.remedy)}: ${terminal.tell(remedy)}`)
}

/** A key without the permission to ask may still be one that can send: that is no answer rather than a bad one. */
function exitOf(items: readonly CheckItem[]): ExitCode {
  const unasked = ({ subject, state }: CheckItem) =>
    state === 'unknown' || (subject === 'permission' && state === 'missing')
  if (items.some(item => item.state !== 'approved' && !unasked(item))) return EXIT.refused
  return items.some(unasked) ? EXIT.unanswered : EXIT.ok
}
