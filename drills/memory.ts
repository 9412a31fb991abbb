import { readFile } from 'node:fs/promises'

/**
 * For a server whose memory is watched: with much memory V8 puts off looking for what nobody needs; only with little does
 * growth tell of what is kept.
 *
 * @example await startReady({ NODE_OPTIONS: LITTLE_MEMORY })
 */
export const LITTLE_MEMORY = '--max-old-space-size=256'

/**
 * Resident memory of a process in MiB, as the kernel tells it; not a number where it does not.
 *
 * @param what what it is now (`VmRSS`), or the most that it ever was (`VmHWM`)
 * @example await memoryOf(product.pid) // 169.4
 */
export async function memoryOf(pid: number | undefined, what: 'VmRSS' | 'VmHWM' = 'VmRSS'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024
}
