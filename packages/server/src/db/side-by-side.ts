import { migrations } from './migrations.ts'

/**
 * How a migration is named that takes something away: `0120_contract_since_0110_send_places` takes away what no version
 * reads or writes any more that knows 0110.
 */
const CONTRACT = /^\d{4}_contract_since_(\d{4})_/

/** Migrations in the order in which they are made: `numberOf('0095_shown_blocks') // '0095'`. */
const numberOf = (name: string) => name.slice(0, 4)

/**
 * The first of the migrations that were made with which this version cannot work; undefined where it works with all.
 *
 * While servers are brought up to date, old ones run beside new ones on tables that the new ones have changed. A
 * migration adds, so that the version before goes on as if nothing had happened; one that takes something away is named
 * so, with the number from which on nobody misses it (`CONTRIBUTING.md`).
 *
 * @param done all that were made
 * @param known those of this version, in order
 * @example tooNewFor(['0001_first', '0120_contract_since_0110_send_places'], ['0001_first']) // the second
 */
export function tooNewFor(
  done: readonly string[],
  known: readonly string[] = Object.keys(migrations),
): string | undefined {
  const newest = known.at(-1) ?? ''
  return done.find(name => {
    if (known.includes(name)) return false
    // One that should have come before ours is of nobody's later version.
    if (name < newest) return true
    const since = CONTRACT.exec(name)?.[1]
    return since !== undefined && numberOf(newest) < since
  })
}
