import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonFault } from './json-place.ts'

describe('the place where JSON ends to be JSON', () => {
  it('is asked for in vain where it is JSON to its end', () => {
    fc.assert(fc.property(fc.json(), text => jsonFault(text) === undefined))
  })

  it('is found for any damage, and the reason quotes nothing', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ minLength: 1, maxLength: 8 }), (text, at, damage) => {
        const cut = at % (text.length + 1)
        const damaged = `${text.slice(0, cut)}${damage}\u0001SECRET${text.slice(cut)}`
        const fault = jsonFault(damaged)
        expect(fault?.reason).toMatch(/^[a-zA-Z ,;{}\]\\]+$/)
        expect(fault?.reason).not.toContain('SECRET')
        expect(fault!.line).toBeGreaterThan(0)
        expect(fault!.column).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })
})
