import { NewOperatorName } from '@countersign/api'
import type { MoveIn } from '@countersign/server/move-in'
import { EXIT, Stop, usageError } from '../exit-codes.ts'
import { openExisting } from '../installation.ts'
import { printable, type Terminal } from '../terminal.ts'
import type { Command } from './command.ts'

const moment = (at: number) => new Date(at).toISOString()

export const command: Command = {
  usage: '[list | add <name> | reset <name>] [options]',
  words: ['list', 'add', 'reset'],
  description:
    'Lists the operators of the console; with add, makes one; with reset, ends the password, the sessions and every ' +
    'lock-out of one. Both print a link that works once, with which that operator sets a password.',
  options: {},
  positionals: 2,
  notes: () =>
    'Run it where the server runs, with the same settings from the environment: DATABASE_URL, DATA_DIR,\n' +
    'SECRET_KEY, ADMIN_ENDPOINT. The server may run meanwhile.',
  examples: ['countersign operators', 'countersign operators add Grace', 'countersign operators reset Ada'],
  async run({ positionals: [action = 'list', name], terminal }) {
    if (!['list', 'add', 'reset'].includes(action))
      throw usageError(
        'Say countersign operators, countersign operators add <name>, or countersign operators reset <name>.',
      )
    if ((action !== 'list') !== (name !== undefined))
      throw usageError('A name stands behind add and reset, and only there.')
    const here = await openExisting(terminal)
    try {
      if (name === undefined) await list(terminal, here)
      else await (action === 'add' ? add : reset)(terminal, here, name)
      return EXIT.ok
    } finally {
      await here.close()
    }
  },
}

async function list(terminal: Terminal, { operators }: MoveIn): Promise<void> {
  const found = await operators.list()
  terminal.value(found)
  if (found.length === 0)
    terminal.line('There is no operator yet. The server prints a link for the first one when it starts.')
  terminal.rows(
    found.map(({ name, state, lastSignInAt }) => [
      printable(name),
      state === 'invited'
        ? 'has yet to set a password'
        : lastSignInAt === null
          ? 'active'
          : `signed in last ${moment(lastSignInAt)}`,
    ]),
  )
}

async function add(terminal: Terminal, { operators, adminEndpoint }: MoveIn, given: string): Promise<void> {
  const { data: name, error } = NewOperatorName.safeParse(given)
  if (name === undefined) throw usageError(`This cannot be the name: ${error!.issues[0]!.message}.`)
  const { ApiError } = await import('@countersign/server/move-in')
  try {
    const { token, expiresAt } = await operators.addByCommand(name)
    const link = `${adminEndpoint}/set-password#token=${token}`
    terminal.value({ name, link, expiresAt })
    terminal.line(`${printable(name)} sets a password with this link, once, until ${moment(expiresAt)}:`)
    terminal.line(`  ${link}`)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new Stop(
      EXIT.usage,
      error.code === 'operator.name_in_use'
        ? 'There is an operator of this name already. Add another name; reset lets that one back in.'
        : 'There are as many operators as there may be. Remove one in the console first.',
    )
  }
}

async function reset(terminal: Terminal, { operators, adminEndpoint }: MoveIn, name: string): Promise<void> {
  const { ApiError } = await import('@countersign/server/move-in')
  try {
    const { operator, token, expiresAt } = await operators.reset(name)
    const link = `${adminEndpoint}/set-password#token=${token}`
    terminal.value({ name: operator.name, link, expiresAt })
    const called = printable(operator.name)
    terminal.line(`${called} sets a new password with this link, once, until ${moment(expiresAt)}:`)
    terminal.line(`  ${link}`)
    terminal.line(`The old password and all sessions of ${called} have ended.`)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'entity.not_found') throw error
    throw new Stop(EXIT.usage, 'There is no operator of this name. countersign operators lists them.')
  }
}
