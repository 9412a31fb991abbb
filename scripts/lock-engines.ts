import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

// `npm ci` runs with whichever Node the machine has, and everything else with the one that it brings. npm does not know
// that, and warns of each package that the first is too old for. So the lock file does not say of a package which Node
// it needs where the one that we bring is such a Node; npm keeps it that way, and adds it only for new packages. What
// ours does not satisfy stays, and npm warns of it.

const LOCK = 'package-lock.json'

interface Package {
  version?: string
  engines?: { node?: string }
}

/** As much of a lock file as is needed here. */
export interface Lock {
  packages: Record<string, Package>
}

/** They name only the Node of Logto's own server. Nothing but our tests runs them, which says whether ours will do. */
const TRIED_BY_OUR_TESTS = /^node_modules\/@logto\//

/**
 * Takes out of a lock file what `npm ci` would warn of in vain, and returns for which packages that was.
 *
 * @throws Error where a package asks for a Node in a way that this cannot read
 */
export function dropEngines({ packages }: Lock): string[] {
  const ours = packages['node_modules/node']?.version
  // The root says with which Node it can be installed.
  const oldest = packages['']?.engines?.node?.replace('>=', '')
  if (ours === undefined || oldest === undefined)
    throw new Error(`${LOCK} names no Node: neither the one to bring nor the one to install with.`)
  const dropped: string[] = []
  for (const [path, entry] of Object.entries(packages)) {
    const range = path === '' ? undefined : entry.engines?.node
    if (range === undefined || satisfies(oldest, range)) continue
    if (!satisfies(ours, range) && !TRIED_BY_OUR_TESTS.test(path)) continue
    delete entry.engines
    dropped.push(path)
  }
  return dropped
}

const COMPARATOR = /^(>=|>|<=|<|\^|~|=)?v?(\d+)(?:\.(\d+|x|\*))?(?:\.(\d+|x|\*))?$/

/** Whether a version is in a range as npm writes them; `||`, comparators and `x`, no hyphens. */
export function satisfies(version: string, range: string): boolean {
  const at = [0, 1, 2].map(place => Number(version.split('.')[place] ?? 0))
  return range.split('||').some(alternative =>
    alternative
      .trim()
      .replaceAll(/([<>=^~])\s+/g, '$1')
      .split(/\s+/)
      // All are read, so that none that cannot be is overlooked.
      .map(part => part === '' || part === '*' || meets(at, part, range))
      .every(Boolean),
  )
}

function meets(at: number[], comparator: string, range: string): boolean {
  const match = COMPARATOR.exec(comparator)
  if (!match) throw new Error(`Cannot read which Node ${JSON.stringify(range)} is.`)
  const [, sign = '', ...parts] = match
  const given = parts.map(part =>
    part === undefined || part === 'x' || part === '*' ? undefined : Number(part),
  )
  const difference = compare(at, given)
  if (sign === '>=') return difference >= 0
  if (sign === '>') return difference > 0
  if (sign === '<=') return difference <= 0
  if (sign === '<') return difference < 0
  const same = (count: number) =>
    given.slice(0, count).every((part, i) => part === undefined || part === at[i])
  if (sign === '^') return difference >= 0 && same(1)
  if (sign === '~') return difference >= 0 && same(2)
  return same(3)
}

/** Below 0: the first is older. A part that is not given counts as 0. */
function compare(at: number[], given: (number | undefined)[]): number {
  const place = [0, 1, 2].find(i => at[i] !== (given[i] ?? 0))
  return place === undefined ? 0 : at[place]! - (given[place] ?? 0)
}

if (import.meta.main) {
  const path = join(resolve(import.meta.dirname, '..'), LOCK)
  const lock = JSON.parse(readFileSync(path, 'utf8')) as Lock
  const dropped = dropEngines(lock)
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(
    `${dropped.length} packages of ${LOCK} no longer name a Node that npm ci would warn of in vain.`,
  )
}
