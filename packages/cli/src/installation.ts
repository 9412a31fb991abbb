import type { MoveIn } from '@countersign/server/move-in'
import { EXIT, Stop } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/**
 * Opens the installation that the environment describes. Loaded only now: it brings the whole server's rooms.
 *
 * @param trial leaves no trace: where there is no database yet, an empty one in memory stands for it
 * @throws Stop saying which settings are wrong, or why the database cannot be opened
 */
export async function openInstallation(terminal: Terminal, { trial }: { trial: boolean }): Promise<MoveIn> {
  const { misreadSettings, openMoveIn, secretsOf, startFailure } = await import('@countersign/server/move-in')
  terminal.conceal(secretsOf(process.env))
  for (const line of misreadSettings(process.env)) terminal.complain(line)
  try {
    return await openMoveIn(process.env, { trial, write: line => terminal.complain(line) })
  } catch (error) {
    throw new Stop(EXIT.configuration, startFailure(error, process.env))
  }
}

/**
 * Opens the installation here, which must be there, and have the secret with which its keys are sealed: tables alone may
 * be there before (`countersign migrate`). @throws Stop as above, and where there is none
 */
export async function openExisting(terminal: Terminal): Promise<MoveIn> {
  const here = await openInstallation(terminal, { trial: true })
  if (!here.fresh && here.keepsSecret) return here
  await here.close()
  throw new Stop(
    EXIT.configuration,
    here.fresh
      ? `There is no installation: no ${here.place}. Set DATA_DIR or DATABASE_URL.`
      : `No server has run on ${here.place} yet, so it has no keys and no operators. Start one first, or set SECRET_KEY.`,
  )
}
