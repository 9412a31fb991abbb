import { readFile } from 'node:fs/promises'
import { connectors, lint } from '@countersign/connectors'
import { underOurNames } from '@countersign/connectors/logto'
import {
  type Connector,
  didYouMean,
  isObject,
  secretKeys,
  settingsSchema,
  textOfFile,
} from '@countersign/kit'
import type { Given } from './commands/command.ts'
import { EXIT, Stop, usageError } from './exit-codes.ts'
import { jsonFault } from './json-place.ts'
import type { Terminal } from './terminal.ts'
import { pathOf } from './words.ts'

/** A configuration as it stands in the file; nothing of it is checked yet. */
export type Draft = Record<string, unknown>

/** The connector with this id; the ids of Logto's factories are not ours. */
export function connectorNamed(id: string): Connector {
  const connector = connectors.find(each => each.id === id)
  if (connector) return connector
  const ids = connectors.map(each => each.id)
  const meant = didYouMean(id, ids)
  throw usageError(`There is no such connector.${meant} There are ${ids.join(', ')}.`, { connectors: ids })
}

/**
 * Reads `--connector` and `--config` (`-`: standard input). What is secret in the file is struck out of everything
 * that is written from then on, also where the configuration turns out to be of no use.
 */
export async function readConfiguration(
  given: Given,
  terminal: Terminal,
): Promise<{ connector: Connector; draft: Draft }> {
  const connector = connectorNamed(String(given.connector))
  const file = String(given.config)
  // A configuration in place of a file must not come back in a message that names the file.
  if (/[{\n]/.test(file)) throw usageError('--config takes the name of a file, or - for standard input.')
  const name = file === '-' ? 'The configuration on standard input' : file
  const text = textOfFile(file === '-' ? await standardInput() : await fileBytes(file))
  if (text === undefined)
    throw usageError(
      `${name} is not UTF-8. Save it in that encoding: read in another, its letters would be others.`,
      {
        file,
      },
    )
  const fault = jsonFault(text)
  if (fault) {
    const { reason, line, column } = fault
    throw usageError(`${name} is no JSON: line ${line}, column ${column}: ${reason}.`, {
      line,
      column,
      reason,
    })
  }
  const value: unknown = JSON.parse(text)
  terminal.conceal(secretsIn(value, secretKeys(connector.settings)))
  if (!isObject(value))
    throw usageError(`${name} is no JSON object: it must begin with { and hold the connector's fields.`)
  return { connector, draft: underOurNames(connector, value as Draft, 'ours') }
}

async function fileBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      { ENOENT: 'There is no file', EISDIR: 'This is a folder and no file:', EACCES: 'May not read' }[
        code ?? ''
      ] ?? 'Cannot read'
    throw usageError(`${why} ${file}`, { file })
  }
}

async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** A member with such a name is secret even where it is misspelt or stands in the wrong place. */
const SECRET_NAME = /secret|token|password|passwd|proxy/i

/** Everything secret in a configuration, with the parts of addresses that hold a password. */
export function secretsIn(value: unknown, names: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => {
    if (typeof member === 'object') return secretsIn(member, names)
    if (!names.includes(name) && !SECRET_NAME.test(name)) return []
    if (typeof member === 'boolean') return []
    const secret = String(member)
    return [secret, secret.trim(), ...(URL.canParse(secret) ? [decoded(new URL(secret).password)] : [])]
  })
}

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Says on standard error what of a configuration would go by unread: `lint` tells the rest. */
function tellUnread(connector: Connector, draft: Draft, terminal: Terminal): void {
  for (const { path, code, message, remedy } of lint(connector.id, draft, { codeLength: 6 }))
    if (code === 'member_unknown' || code.startsWith('placeholder_'))
      terminal.complain(`${pathOf(path)}: ${terminal.tell(message)} ${terminal.tell(remedy)}`)
}

/** The settings for `send` and `check`. Ends the command, naming every bad field, when they are not valid. */
export function validSettings(
  connector: Connector,
  draft: Draft,
  terminal: Terminal,
): Record<string, unknown> {
  const result = settingsSchema(connector.settings).safeParse(draft)
  if (result.success) {
    tellUnread(connector, draft, terminal)
    return result.data
  }
  const refused = new Set(result.error.issues.map(({ path }) => path.join('.')))
  // The linter says the same in the user's language, with remedies.
  const fields = lint(connector.id, draft, { codeLength: 6 })
    .filter(({ path, severity }) => severity === 'error' && refused.has(path.join('.')))
    .map(({ path, message, remedy }) => ({
      field: pathOf(path),
      message: terminal.tell(message),
      remedy: terminal.tell(remedy),
    }))
  const lines = fields.map(({ field, message, remedy }) => `\n  ${field}: ${message} ${remedy}`)
  throw new Stop(EXIT.configuration, `The configuration of ${connector.id} is not valid:${lines.join('')}`, {
    fields,
  })
}
