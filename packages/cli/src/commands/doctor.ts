import type { CheckItem } from '@countersign/kit'
import { wholeNumber } from '../arguments.ts'
import { readConfiguration, validSettings } from '../configuration.ts'
import { EXIT, type ExitCode, usageError } from '../exit-codes.ts'
import { openExisting } from '../installation.ts'
import { DEFAULT_TIMEOUT, openOutside } from '../outside.ts'
import { pad, printable, type Terminal, widthOf } from '../terminal.ts'
import { WORDS } from '../words.ts'
import type { Command } from './command.ts'
import { CONFIG, CONNECTOR, SIMULATED, TIMEOUT } from './options.ts'

export const command: Command = {
  usage: '[--connector <id> --config <file>] [options]',
  description:
    'Asks the provider, without sending anything, whether keys, permission, signature, sender and templates are in ' +
    'order, and says of each what to do. Without a connector it looks at the users of the installation here: whether ' +
    'several have one number or address, in forms that count as one today.',
  options: {
    connector: { ...CONNECTOR, required: false },
    config: { ...CONFIG, required: false },
    simulated: SIMULATED,
    timeout: TIMEOUT,
  },
  notes: () =>
    'A key that may only send cannot be asked about: doctor then says which permission it would need, and exits\n' +
    'with 3. Of the installation nothing is changed; run it with the settings of the server: DATABASE_URL, DATA_DIR,\n' +
    'SECRET_KEY.',
  examples: ['countersign doctor --connector aliyun-sms --config aliyun.json', 'countersign doctor'],
  async run({ given, terminal }) {
    if (given.connector === undefined && given.config === undefined) return lookAtUsers(terminal)
    if (given.connector === undefined || given.config === undefined)
      throw usageError(
        '--connector and --config come together; without both, doctor looks at the users here.',
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
    for (const item of items) print(terminal, item, subject)
    return exitOf(items)
  },
}

/** Identifiers that several users have, in forms that are one today. */
async function lookAtUsers(terminal: Terminal): Promise<ExitCode> {
  const here = await openExisting(terminal)
  try {
    const { rewritten, left } = await here.oldForms()
    terminal.value({ toRewrite: rewritten, left })
    for (const { field, ownerId, userIds } of left) {
      const all = [...(ownerId === null ? [] : [ownerId]), ...userIds]
      terminal.line(`${terminal.paint('red', '✗')} ${field}  users ${all.join(', ')}`)
      terminal.line(
        ownerId === null
          ? '    They have it in old forms, by which nobody is found.'
          : `    Only ${ownerId} is found by it: the others have it in an old form.`,
      )
    }
    if (left.length > 0) {
      terminal.line(
        `Remedy: decide whose each is, and take it from the others, as PATCH /api/users/<id> does with null.`,
      )
      terminal.line('The next start of the server gives it to the one who keeps it.')
      return EXIT.refused
    }
    const mark = terminal.paint('green', '✓')
    terminal.line(`${mark} No two users have one phone number or e-mail address.`)
    if (rewritten > 0)
      terminal.line(
        `  The next start of the server brings those of ${rewritten} users into their form of today.`,
      )
    return EXIT.ok
  } finally {
    await here.close()
  }
}

const MARKS = {
  approved: ['green', '✓'],
  in_review: ['yellow', '…'],
  rejected: ['red', '✗'],
  missing: ['red', '✗'],
  unknown: ['yellow', '?'],
} as const

function print(terminal: Terminal, item: CheckItem, width: number): void {
  const { subject, state, reason, remedy, links = [] } = item
  const [colour, mark] = MARKS[state]
  const word = terminal.paint(colour, terminal.tell(WORDS[state]))
  terminal.line(`${terminal.paint(colour, mark)} ${pad(printable(subject), width + 2)}${word}`)
  if (reason) terminal.line(`    ${printable(terminal.tell(reason))}`)
  if (remedy) terminal.line(`    ${terminal.tell(WORDS.remedy)}: ${terminal.tell(remedy)}`)
  for (const { href, label } of links) terminal.line(`    ${terminal.tell(label)}: ${href}`)
}

/** A key without the permission to ask may still be one that can send: that is no answer rather than a bad one. */
function exitOf(items: readonly CheckItem[]): ExitCode {
  const unasked = ({ subject, state }: CheckItem) =>
    state === 'unknown' || (subject === 'permission' && state === 'missing')
  if (items.some(item => item.state !== 'approved' && !unasked(item))) return EXIT.refused
  return items.some(unasked) ? EXIT.unanswered : EXIT.ok
}
