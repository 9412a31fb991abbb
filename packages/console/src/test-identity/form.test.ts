import type { TestIdentity } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import { mistakesOf, type TestIdentityForm, toBody, toChange, toForm, toLocal } from './form.ts'

const NOW = new Date('2026-10-15T08:30:00').getTime()
const DAY = 24 * 60 * 60_000
const right: TestIdentityForm = { ...toForm(NOW), value: '+86 138 0013 8000', code: '246810' }

const identity: TestIdentity = {
  id: 't1',
  type: 'phone',
  value: '8613800138000',
  code: '246810',
  note: null,
  userId: null,
  expiresAt: NOW + DAY,
  createdAt: NOW,
}

describe('the form of a test identity', () => {
  test('ends after a week unless somebody says otherwise', () => {
    expect(toBody(right).expiresAt).toBe(NOW + 7 * DAY)
  })

  test('shows what the server stored, and sends it back unchanged', () => {
    const form = toForm(NOW, identity)
    expect(form).toMatchObject({ value: '+8613800138000', code: '246810', note: '' })
    expect(toChange(form)).toEqual({ code: '246810', expiresAt: NOW + DAY, note: null })
  })

  test('offers a new end to one that has ended', () => {
    expect(toChange(toForm(NOW + 2 * DAY, identity)).expiresAt).toBe(NOW + 9 * DAY)
  })

  test('is right with a number, digits and an end within ninety days', () => {
    expect(mistakesOf(right, NOW)).toEqual({})
    expect(mistakesOf({ ...right, ends: toLocal(NOW + 90 * DAY) }, NOW)).toEqual({})
  })

  test('takes a code in the digits of every script', () => {
    const form = { ...right, code: '٢٤٦８１０' }
    expect(mistakesOf(form, NOW)).toEqual({})
    expect(toBody(form).code).toBe('246810')
  })

  test.each<[Partial<TestIdentityForm>, object]>([
    [{ value: ' ' }, { value: 'value' }],
    [{ code: '12a456' }, { code: 'code' }],
    [{ code: '' }, { code: 'code' }],
    [{ ends: '2026-10-15T08:30' }, { ends: 'past' }],
    [{ ends: '' }, { ends: 'past' }],
    [{ ends: '2027-10-15T08:30' }, { ends: 'late' }],
  ])('with %j has the mistake %j', (changes, mistakes) => {
    expect(mistakesOf({ ...right, ...changes }, NOW)).toEqual(mistakes)
  })
})
