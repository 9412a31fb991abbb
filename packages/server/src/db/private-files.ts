import { chmodSync, closeSync, openSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

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

/** Takes the folder of the data from everybody else, also one that was there before; never the root of all. */
export function keepFolderPrivate(folder: string): void {
  const path = resolve(folder)
  if (dirname(path) !== path) keepToOwner(path, 0o700)
}

/**
 * Takes the folder of the data and the secrets in it from everybody else. What SQLite puts beside its file later gets the
 * rights that the file has.
 */
export function keepDataPrivate(folder: string): void {
  keepFolderPrivate(folder)
  for (const name of [
    'secret.key',
    ...['', '-wal', '-shm', '-journal'].map(suffix => `countersign.db${suffix}`),
  ])
    keepToOwner(join(folder, name), 0o600)
}

/** Makes a database's file readable by its owner alone before anything is in it. */
export const prepareDatabaseFile = (file: string): void => closeSync(openSync(file, 'a', 0o600))
