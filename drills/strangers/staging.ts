import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { addressOf } from './stranger.ts'
import type { Attack } from './trial.ts'

const MIB = 1024 * 1024

/** The attack ends after so many milliseconds, however slow the server has become. */
const AT_MOST = 45_000

/** Bytes of the database's files in a folder, its write-ahead log included. */
const sizeOf = (folder: string) =>
  readdirSync(folder)
    .filter(name => name.includes('.sqlite') || name.includes('.db'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)

/** Somebody who never says who they are stages as much as the server takes, in sixty large requests and sixty small ones. */
export const staging: Attack = {
  title: 'Staging: anonymous requests that stage profile data, 60 of 900 KB and 60 of 7 KB',
  async run({ stranger, product, target }) {
    const before = sizeOf(product.installation.dataDir)
    const hoarder = stranger(addressOf(60_000))
    await hoarder.begin('Register')
    let over = false
    let longest = 0
    const watch = (async () => {
      while (!over) {
        const start = performance.now()
        // A server that does nothing else for seconds also drops connections; that is part of the wait.
        await fetch(`${target.endpoint}/api/status`).then(
          answer => answer.body?.cancel(),
          () => undefined,
        )
        longest = Math.max(longest, performance.now() - start)
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    })()
    let taken = 0
    let sent = 0
    const end = performance.now() + AT_MOST
    // The small ones are those that may be admitted: what is refused is no measure of what is written.
    for (const size of [900_000, 7_000])
      for (let n = 0; n < 60 && performance.now() < end; n += 1) {
        const values = { [`field${n}`]: 'x'.repeat(size) }
        const { status } = await hoarder.call('POST', '/profile', { type: 'extraProfile', values })
        sent += 1
        if (status === 204 && size > 100_000) taken += 1
      }
    over = true
    await watch
    const grown = (sizeOf(product.installation.dataDir) - before) / MIB
    return [
      { what: 'requests of 900 KB that were taken', value: taken, most: 0, unit: '' },
      { what: 'requests within 45 seconds', value: sent, least: 120, unit: 'of 120' },
      { what: 'growth of the database by them', value: grown, most: 8, unit: 'MiB' },
      { what: 'longest wait of anybody else meanwhile', value: longest, most: 1_000, unit: 'ms' },
    ]
  },
}
