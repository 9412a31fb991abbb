import type { JsonWebKey } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { currentOf, nextChange, type RingKey, signerOf, usable } from './keyring.ts'

const moment = fc.integer({ min: 0, max: 10_000_000 })

/** Keys, the newest first; a few of them are beside that of everybody. */
const ring = fc
  .array(
    fc.record({ effectiveAt: moment, longest: fc.integer({ min: 0, max: 5_000 }), beside: fc.boolean() }),
    { minLength: 1, maxLength: 5 },
  )
  .map(keys =>
    keys
      .toSorted((one, other) => other.effectiveAt - one.effectiveAt)
      .map(({ beside, effectiveAt, longest }, nth): RingKey<JsonWebKey> => {
        const isBeside = beside && nth < keys.length - 1
        return {
          id: String(nth),
          key: { kty: isBeside ? 'RSA' : 'EC' },
          createdAt: effectiveAt,
          effectiveAt,
          longest,
          ...(isBeside && { chosen: 'RS256' as const }),
        }
      }),
  )

test('what holds of a ring stays as it is until its next change', () => {
  fc.assert(
    fc.property(
      ring,
      moment,
      fc.integer({ min: 0, max: 5_000 }),
      fc.double({ noNaN: true, min: 0, max: 1 }),
      (keys, now, atLeast, share) => {
        const held = (at: number) => ({
          current: currentOf(keys, at).id,
          beside: signerOf(keys, 'RS256', at)?.id,
          tokens: usable(keys, at).map(({ id }) => id),
          hints: usable(keys, at, atLeast).map(({ id }) => id),
        })
        const until = Math.min(nextChange(keys, now, atLeast), now + 100_000_000)
        expect(until).toBeGreaterThan(now)
        for (const at of [now + Math.floor((until - 1 - now) * share), until - 1])
          expect(held(at)).toEqual(held(now))
      },
    ),
  )
})
