import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StoredUser } from '../users/users.ts'
import { claimsOf } from './claims.ts'

const LIN = {
  id: 'lin000000001',
  name: null,
  avatar: null,
  username: null,
  primaryEmail: null,
  primaryPhone: '8613800138000',
  profile: {},
  customData: {},
  createdAt: 1,
  updatedAt: 2,
} as unknown as StoredUser

const EVERYTHING = 'openid profile email phone address'

describe('claims about a user', () => {
  it('are left out where they have no value', () => {
    expect(claimsOf(LIN, 'id_token', EVERYTHING)).toEqual({
      sub: LIN.id,
      preferred_username: '8613800138000',
      created_at: 1,
      updated_at: 2,
      email_verified: false,
      phone_number: '8613800138000',
      phone_number_verified: true,
      roles: [],
    })
  })

  it('are never null and never an empty text, whatever is stored', () => {
    const text = fc.option(fc.constantFrom('', 'a text', 'https://example.com/'))
    const profile = fc.record(
      {
        nickname: text,
        website: text,
        profile: text,
        preferredUsername: text,
        address: fc.option(fc.record({ streetAddress: text, country: text }, { requiredKeys: [] })),
      },
      { requiredKeys: [] },
    )
    const user = fc.record({
      name: text,
      avatar: text,
      username: text,
      primaryEmail: text,
      primaryPhone: text,
      profile,
    })
    fc.assert(
      fc.property(user, fc.constantFrom('id_token', 'userinfo'), (stored, use) => {
        const claims = claimsOf({ ...LIN, ...stored } as StoredUser, use, EVERYTHING)
        const address = claims.address as object | undefined
        for (const value of [...Object.values(claims), ...Object.values(address ?? {})])
          expect([null, undefined, '']).not.toContain(value)
        expect(address && Object.keys(address)).not.toEqual([])
      }),
    )
  })

  it.each<[string, Partial<StoredUser>, string, string]>([
    ['what the user chose', { profile: { preferredUsername: 'li' }, username: 'lin' }, EVERYTHING, 'li'],
    ['the username', { username: 'lin', primaryEmail: 'lin@example.com' }, EVERYTHING, 'lin'],
    ['the address', { primaryEmail: 'lin@example.com', name: 'Lin' }, EVERYTHING, 'lin@example.com'],
    ['the number', { name: 'Lin' }, EVERYTHING, '8613800138000'],
    ['the name', { primaryEmail: 'lin@example.com', name: 'Lin' }, 'openid profile', 'Lin'],
    ['the id', { primaryEmail: 'lin@example.com' }, 'openid profile', 'lin000000001'],
  ])('have %s to show, and nothing that the scopes do not open', (_what, change, scope, shown) => {
    expect(claimsOf({ ...LIN, ...change }, 'id_token', scope).preferred_username).toBe(shown)
  })
})
