import { type Keys, mac } from '../crypto/keys.ts'

/** A connection, as far as the share of messages that it is to get first matters. */
export interface Sharing {
  /** Percent. With 100 it stands where its order puts it; with less it is first for so many messages, and else behind. */
  share: number
}

/** A part of all messages, in percent from its first to its end, and who stands first for it. */
interface Part<W> {
  from: number
  to: number
  /** Undefined where no share reaches: those without one stand first in their order. */
  first: W | undefined
}

const DAY = 24 * 60 * 60_000

/** The digits of a hash that a chance is made of; more than a double holds would add nothing. */
const DIGITS = 12

const hasPart = ({ share }: Sharing) => share < 100

/** How the messages are divided: shares follow each other in the order, and what is above 100 % is cut off. */
function partsOf<W extends Sharing>(ways: readonly W[]): Part<W>[] {
  const parts: Part<W>[] = []
  let from = 0
  for (const way of ways.filter(hasPart)) {
    const to = Math.min(100, from + way.share)
    parts.push({ from, to, first: way })
    from = to
  }
  return [...parts, { from, to: 100, first: undefined }].filter(part => part.to > part.from)
}

/**
 * Puts candidates into the order in which a message goes over them. One with a share below 100 is the first for that
 * share of messages; for all others it stands behind those that have none. Beyond that the order stays.
 *
 * @example arranged([{ id: 'old', share: 100 }, { id: 'new', share: 5 }], 0.03) // new, old
 *
 * @param chance from 0 to below 1; without it no share reaches the message
 */
export function arranged<W extends Sharing>(ways: readonly W[], chance?: number): W[] {
  const first = chance === undefined ? undefined : partsOf(ways).find(({ to }) => chance * 100 < to)?.first
  const others = ways.filter(way => way !== first)
  return [
    ...(first ? [first] : []),
    ...others.filter(way => !hasPart(way)),
    ...others.filter(way => hasPart(way)),
  ]
}

/**
 * The parts into which messages are divided, each with a chance that falls into it.
 *
 * @example partition([{ share: 100 }, { share: 5 }]) // [{ percent: 5, chance: 0.025 }, { percent: 95, chance: 0.525 }]
 */
export const partition = (ways: readonly Sharing[]): { percent: number; chance: number }[] =>
  partsOf(ways).map(({ from, to }) => ({ percent: to - from, chance: (from + to) / 200 }))

/**
 * The chance of a recipient's messages, which is the same for a whole day: another code does not go over another
 * provider without need. A share that grows keeps the recipients that it had. Nobody can compute it without the key.
 *
 * @example arranged(candidates, chanceOf(keys, recipient.canonical, world.now()))
 */
export function chanceOf(keys: Keys, canonical: string, now: number): number {
  const hash = mac(keys.lookup, 'share', canonical, String(Math.floor(now / DAY)))
  return Number.parseInt(Buffer.from(hash, 'base64url').toString('hex').slice(0, DIGITS), 16) / 16 ** DIGITS
}
