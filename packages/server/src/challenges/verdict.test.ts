import { expect, test } from 'vitest'
import { HeldUp, heldUp, type Objection } from './verdict.ts'

const captcha: Objection = { demands: 'captcha', reason: 'fraud' }
const budget: Objection = { demands: 'refuse', reason: 'budget', retryAfter: 60 }
const month: Objection = { demands: 'refuse', reason: 'budget', retryAfter: 3600 }
const forGood: Objection = { demands: 'refuse', reason: 'fraud' }

test('a check for people holds up only those who could pass one and have not', () => {
  expect(heldUp([captcha], 'missing')).toBe(captcha)
  expect(heldUp([captcha], 'passed')).toBeUndefined()
  expect(heldUp([captcha], 'impossible')).toBeUndefined()
  expect(heldUp([], 'missing')).toBeUndefined()
})

test('a refusal holds for everybody, before a check, and of several the one that lasts longest', () => {
  for (const humanity of ['passed', 'missing', 'impossible'] as const) {
    expect(heldUp([captcha, budget], humanity)).toBe(budget)
    expect(heldUp([budget, month, captcha], humanity)).toBe(month)
    expect(heldUp([budget, forGood, month], humanity)).toBe(forGood)
    expect(heldUp([forGood, forGood], humanity)).toBe(forGood)
  }
})

test('whoever is held up hears of a check, of a wait, or that there is neither', () => {
  expect(new HeldUp(captcha)).toMatchObject({ code: 'session.captcha_required', reason: 'fraud' })
  expect(new HeldUp(budget)).toMatchObject({
    code: 'request.message_rate_limited',
    data: { retryAfter: 60 },
    reason: 'budget',
  })
  expect(new HeldUp(forGood)).toMatchObject({ code: 'request.message_refused', reason: 'fraud' })
})
