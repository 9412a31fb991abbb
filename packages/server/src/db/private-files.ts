import { chmodSync, closeSync, existsSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Set on folders that are shared by design, such as `/tmp`. */
const STICKY = 0o1000

/**
 * Takes a file or folder from everybody but its owner, where it is there and ours to change. What cannot be changed,
 * such as a secret that a container was handed read-only, stays as it is.
 */
function keepToOwner(path: string, mode: number): void {
  try {
    const { mode: present } = statSync(path)
    if ((present & 0o777) !== mode && (present & STICKY) === 0) chmodSync(path, mode)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'EPERM' && code !== 'EACCES' && code !== 'EROFS') throw error
  }
}

/** The files that a server puts into the folder of its data. */
const OURS = ['secret.key', ...['', '-wal', '-shm', '-journal'].map(suffix => `countersign.db${suffix}`)]

/** True for a folder in which nothing lies but what is ours: taking it from others takes nothing of theirs. */
const holdsOnlyOurs = (folder: string): boolean =>
  existsSync(folder) && readdirSync(folder).every(name => OURS.includes(name))

/**
 * Takes the folder of the data and the secrets in it from everybody else. A folder where other things lie too, such as a
 * home folder, stays as it is, and the files alone are taken. What SQLite puts beside its file later gets the rights that
 * the file has.
 *
 * @example keepDataPrivate('/var/lib/countersign')
 */
export function keepDataPrivate(folder: string): void {
  if (folder === '') return
  if (holdsOnlyOurs(folder)) keepToOwner(folder, 0o700)
  for (const name of OURS) keepToOwner(join(folder, name), 0o600)
}

/** Makes a database's file readable by its owner alone before anything is in it. */
export const prepareDatabaseFile = (file: string): void => closeSync(openSync(file, 'a', 0o600))
