import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CookieSignatures } from './cookie-signatures.ts'

interface Keygrip {
  sign(data: string): string
  index(data: string, signature: string): number
}
// The package that oidc-provider would sign with, by way of `cookies`: the judge of what stays valid.
const provider = createRequire(createRequire(import.meta.url).resolve('oidc-provider'))
const koa = createRequire(provider.resolve('koa'))
const Keygrip = createRequire(koa.resolve('cookies'))('keygrip') as new (keys: string[]) => Keygrip

const keys = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 })

describe('signatures of cookies', () => {
  it('are those that browsers already hold, for any keys and any value', () => {
    fc.assert(
      fc.property(keys, fc.string({ unit: 'binary' }), (ring, data) => {
        const [ours, theirs] = [new CookieSignatures(ring), new Keygrip(ring)]
        expect(ours.sign(data)).toBe(theirs.sign(data))
        expect(ours.index(data, theirs.sign(data))).toBe(0)
        expect(ours.verify(data, theirs.sign(data))).toBe(true)
      }),
    )
  })

  it('made with an earlier key are accepted, and known as such so that they are made anew', () => {
    const [before, now] = [new CookieSignatures(['old']), new CookieSignatures(['new', 'old'])]
    expect(now.index('a=1', before.sign('a=1'))).toBe(1)
    expect(now.index('a=1', now.sign('a=1'))).toBe(0)
    expect(before.index('a=1', now.sign('a=1'))).toBe(-1)
  })

  it('that were altered, cut, or written another way are refused without an error', () => {
    const signatures = new CookieSignatures(['key'])
    const right = signatures.sign('a=1')
    // The last letter carries two bits that no byte needs.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(right.at(-1)!)
    const twin = right.slice(0, -1) + alphabet[last + 1]
    for (const wrong of [
      '',
      'x',
      right.slice(1),
      `${right}=`,
      `${right}A`,
      twin,
      'A'.repeat(27),
      '€'.repeat(27),
    ])
      expect(signatures.verify('a=1', wrong), wrong).toBe(false)
    expect(signatures.verify('a=2', right)).toBe(false)
    fc.assert(fc.property(fc.string(), text => signatures.verify('a=1', text) === (text === right)))
  })

  it('are made with no less than one key', () => {
    expect(() => new CookieSignatures([])).toThrow('without a key')
  })
})
