/** Chance that is the same each time, so that two runs meet the same people. */
export interface Chance {
  /** From 0 to below 1. */
  next(): number
  /** A whole number below `n`. */
  below(n: number): number
  /** True with a probability. */
  is(probability: number): boolean
  /** One of these. */
  of<T>(all: readonly T[]): T
}

/**
 * Makes chance from a seed (mulberry32).
 *
 * @example createChance(1).below(6)
 */
export function createChance(seed: number): Chance {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number) => Math.floor(next() * n)
  return {
    next,
    below,
    is: probability => next() < probability,
    of: all => all[below(all.length)]!,
  }
}

/** How mobile numbers of the mainland begin, of the three carriers. */
const HEADS = ['134', '135', '136', '137', '138', '139', '150', '151', '152', '157', '158', '159', '182']
const MORE = [
  '183',
  '187',
  '188',
  '130',
  '131',
  '132',
  '155',
  '156',
  '185',
  '186',
  '133',
  '153',
  '180',
  '189',
]

/**
 * A mobile number of the mainland, in digits with the country code.
 *
 * @example mainland(chance) // '8613912345678'
 */
export const mainland = (chance: Chance): string =>
  `86${chance.of([...HEADS, ...MORE])}${String(chance.below(100_000_000)).padStart(8, '0')}`
