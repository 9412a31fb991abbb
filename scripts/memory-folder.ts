import { chmodSync, mkdtempSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

const SHARED_MEMORY = '/dev/shm'

/** What all files of the tests take at the most, many times over. */
const NEEDED = 8 * 2 ** 30

/**
 * A folder in memory for the files of tests, which are written, synced and deleted again; undefined where this machine has
 * none, or too little room there. Whoever runs a database of another user in it must get in.
 *
 * @example const env = { TMPDIR: memoryFolder() ?? tmpdir() }
 */
export function memoryFolder(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY)
    if (bavail * bsize < NEEDED) return undefined
    const folder = mkdtempSync(join(SHARED_MEMORY, 'countersign-test-'))
    chmodSync(folder, 0o755)
    return folder
  } catch {
    return undefined
  }
}
