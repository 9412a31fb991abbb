import type { MoveIn } from '@countersign/server/move-in'
import type { Given } from './commands/command.ts'
import { EXIT, type ExitCode, usageError } from './exit-codes.ts'
import { openExisting } from './installation.ts'
import type { Terminal } from './terminal.ts'
import { VAULT } from './vault-words.ts'

/** A key of the vault, and how many texts it has sealed. */
interface Counted {
  id: string
  /** `Current` seals, `Accepted` opens, `Missing` is not here. */
  status: 'Current' | 'Accepted' | 'Missing'
  sealed: number
}

/**
 * Lists the keys of the vault, or has everything sealed anew by the first (`rotate`).
 *
 * @returns 1 when something is sealed with a key that is not here, or was left
 */
export async function vaultKeys(terminal: Terminal, given: Given, action: string): Promise<ExitCode> {
  if (!['list', 'rotate'].includes(action) || given.grace !== undefined || given.algorithm !== undefined)
    throw usageError(terminal.tell(VAULT.usage))
  const here = await openExisting(terminal)
  try {
    const done =
      action === 'rotate' ? await here.vault.reseal(count => showProgress(terminal, count)) : undefined
    const keys = await countedKeys(here)
    terminal.value(done ? { ...done, keys } : keys)
    terminal.rows(
      keys.map(({ id, status, sealed }) => [
        id,
        `${terminal.tell(VAULT[status])}  ${terminal.tell(VAULT.texts(sealed))}`,
      ]),
    )
    const others = keys.filter(({ status, sealed }) => status !== 'Current' && sealed > 0)
    const isMissing = others.some(({ status }) => status === 'Missing')
    if (done) {
      terminal.line(terminal.tell(VAULT.done(done.resealed)))
      terminal.line(
        terminal.tell(others.length > 0 ? VAULT.left : keys.length > 1 ? VAULT.whole : VAULT.none),
      )
    }
    if (isMissing) terminal.line(terminal.tell(VAULT.missing))
    return isMissing || (done !== undefined && others.length > 0) ? EXIT.refused : EXIT.ok
  } finally {
    await here.close()
  }
}

async function countedKeys({ vault }: MoveIn): Promise<Counted[]> {
  const counts = await vault.counted()
  const ids = [...new Set([...vault.keys, ...Object.keys(counts)])]
  return ids.map((id, at) => ({
    id,
    status: at === 0 ? 'Current' : vault.keys.includes(id) ? 'Accepted' : 'Missing',
    sealed: counts[id] ?? 0,
  }))
}

/** Hundreds of thousands of texts take a while. */
function showProgress(terminal: Terminal, count: number): void {
  if (!terminal.json && process.stderr.isTTY) process.stderr.write(`\r${count} …\u001b[K\r`)
}
