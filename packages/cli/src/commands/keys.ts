import type { MoveIn } from '@countersign/server/move-in'
import { EXIT, Stop, usageError } from '../exit-codes.ts'
import { openExisting } from '../installation.ts'
import type { Terminal } from '../terminal.ts'
import { vaultKeys } from '../vault-keys.ts'
import type { Command, Given } from './command.ts'

const TYPES = ['private-keys', 'cookie-keys'] as const
type KeyType = (typeof TYPES)[number]
/** ES384 and RS256, in the words of the Management API. */
const ALGORITHMS = ['EC', 'RSA'] as const
type Keys = Awaited<ReturnType<MoveIn['configs']['keys']>>

/** A new key need not wait longer than a month, as the Management API has it. */
const LONGEST_GRACE = 30 * 86_400

export const command: Command = {
  usage: '[list | rotate | delete <id>] [options]',
  words: ['list', 'rotate', 'delete'],
  description:
    'Lists the keys of an installation; with rotate, makes a new one, which is published at once and signs later; ' +
    'with delete, deletes one that does not sign, so that what it signed is refused. Of the vault, rotate encrypts ' +
    'anew, with the first of VAULT_KEYS, whatever another key has encrypted.',
  options: {
    type: { type: 'string', value: '<type>', help: `${TYPES.join(' or ')} [private-keys], or vault` },
    algorithm: {
      type: 'string',
      value: '<algorithm>',
      help: `What everybody's tokens are signed with from then on: ${ALGORITHMS.join(' or ')} [as before]`,
    },
    grace: { type: 'string', value: '<seconds>', help: 'How long a new key waits, never less than 10 [600]' },
  },
  positionals: 2,
  notes: () =>
    'Run it where the server runs, with the same settings from the environment: DATABASE_URL, DATA_DIR,\n' +
    'SECRET_KEY, VAULT_KEYS. The server may run meanwhile. More: docs/openid-connect.md, docs/cli.md.',
  examples: [
    'countersign keys',
    'countersign keys rotate --grace 3600',
    'countersign keys rotate --algorithm RSA',
    'countersign keys delete oR3x…',
    'countersign keys rotate --type vault',
  ],
  async run({ given, positionals: [action = 'list', id], terminal }) {
    if (given.type === 'vault') return vaultKeys(terminal, given, action)
    const type = readType(given.type)
    const grace = readGrace(given, action)
    const algorithm = readAlgorithm(given, action)
    if (!['list', 'rotate', 'delete'].includes(action))
      throw usageError('Say countersign keys, countersign keys rotate or countersign keys delete <id>.')
    if ((action === 'delete') !== (id !== undefined))
      throw usageError('An id stands behind delete, and only there.')
    const here = await openExisting(terminal)
    try {
      const { configs } = here
      if (action === 'rotate') await configs.rotate(type, algorithm, grace)
      if (id !== undefined) await remove(configs, type, id)
      const keys = await configs.keys(type)
      terminal.value(keys)
      print(terminal, keys)
      return EXIT.ok
    } finally {
      await here.close()
    }
  },
}

function readType(given: unknown): KeyType {
  const type = TYPES.find(each => each === (given ?? 'private-keys'))
  if (!type) throw usageError(`--type must be ${TYPES.join(', ')} or vault.`)
  return type
}

function readGrace({ grace }: Given, action: string): number | undefined {
  if (grace === undefined) return undefined
  if (action !== 'rotate') throw usageError('--grace is for countersign keys rotate.')
  const seconds = /^\d+$/.test(String(grace)) ? Number(grace) : Number.NaN
  if (!(seconds <= LONGEST_GRACE))
    throw usageError(`--grace must be a whole number of seconds from 0 to ${LONGEST_GRACE}.`)
  return seconds
}

function readAlgorithm({ algorithm, type }: Given, action: string): (typeof ALGORITHMS)[number] | undefined {
  if (algorithm === undefined) return undefined
  if (action !== 'rotate' || type === 'cookie-keys')
    throw usageError('--algorithm is for countersign keys rotate, of private-keys.')
  const found = ALGORITHMS.find(each => each === String(algorithm).toUpperCase())
  if (!found) throw usageError(`--algorithm must be ${ALGORITHMS.join(' or ')}.`)
  return found
}

async function remove(configs: MoveIn['configs'], type: KeyType, id: string): Promise<void> {
  const { ApiError } = await import('@countersign/server/move-in')
  try {
    await configs.deleteKey(type, id)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new Stop(
      EXIT.usage,
      error.code === 'oidc.key_not_found'
        ? 'There is no such key. countersign keys lists their ids.'
        : 'The key in use cannot be deleted. Rotate first, and delete it when the new one has taken over.',
    )
  }
}

function print(terminal: Terminal, keys: Keys): void {
  const moment = (at: number) => (at === 0 ? 'the beginning' : new Date(at).toISOString())
  terminal.rows(
    keys.map(({ id, status, effectiveAt, signingKeyAlgorithm = '', forApplications }) => [
      id,
      `${status.padEnd(8)}  ${status === 'Next' ? 'signs from' : 'signed from'} ${moment(effectiveAt)}  ${signingKeyAlgorithm}${forApplications ? ', for applications that chose it' : ''}`.trimEnd(),
    ]),
  )
}
