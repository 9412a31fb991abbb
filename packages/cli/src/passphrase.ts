import { readFile } from 'node:fs/promises'
import { textOfFile } from '@countersign/kit'
import { usageError } from './exit-codes.ts'
import { ask } from './import/secret.ts'
import type { Terminal } from './terminal.ts'
import { UPKEEP } from './upkeep-words.ts'

/** Where the passphrase of backups may stand, so that neither the shell's history nor the list of processes shows it. */
export const PASSPHRASE_VARIABLE = 'BACKUP_PASSPHRASE'

/** Whoever has a backup may try passphrases for years. */
const SHORTEST = 12

/**
 * The passphrase of a backup: from a file, else the environment, else asked for on the terminal without showing it.
 *
 * @param file as `--passphrase-file` names it
 * @param isNew of a new backup: it must be long enough, and is asked for twice
 * @throws Stop when there is none, or it is too short
 * @example const passphrase = await readPassphrase(terminal, given['passphrase-file'], { isNew: true })
 */
export async function readPassphrase(
  terminal: Terminal,
  file: string | undefined,
  { isNew }: { isNew: boolean },
): Promise<string> {
  const passphrase = await passphraseFrom(terminal, file, isNew)
  if (passphrase === '') throw usageError(terminal.tell(UPKEEP.noPassphrase(PASSPHRASE_VARIABLE)))
  terminal.conceal([passphrase])
  if (isNew && passphrase.length < SHORTEST) throw usageError(terminal.tell(UPKEEP.shortPassphrase(SHORTEST)))
  return passphrase
}

async function passphraseFrom(terminal: Terminal, file: string | undefined, isNew: boolean): Promise<string> {
  if (file !== undefined) return firstLine(terminal, file)
  const variable = process.env[PASSPHRASE_VARIABLE]
  if (variable !== undefined) return variable
  if (!process.stdin.isTTY || !process.stderr.isTTY) return ''
  const passphrase = await ask(`${terminal.tell(UPKEEP.askPassphrase)} `)
  if (isNew && (await ask(`${terminal.tell(UPKEEP.askAgain)} `)) !== passphrase)
    throw usageError(terminal.tell(UPKEEP.notTheSame))
  return passphrase
}

async function firstLine(terminal: Terminal, file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw usageError(terminal.tell(UPKEEP.unreadable(file, error.code ?? '')))
  })
  return textOfFile(bytes)?.split(/\r?\n/, 1)[0] ?? ''
}
