import { budgetProblem, budgetRoutes } from '@countersign/api'
import { expect, test } from 'vitest'
import { barOf, fromBudgetForm, scopesOf, toBudgetForm } from './budget-form.ts'

const current = {
  begin: 0,
  end: 1,
  used: 300_000,
  estimated: 100_000,
  unpriced: 0,
  softAt: null,
  hardAt: null,
}

test('a budget is the same after it was in a form, and amounts are exact', () => {
  const settings = fromBudgetForm({ ...toBudgetForm(), name: 'Texts', hard: '500.25', assumedPrice: '0.045' })
  expect(settings).toMatchObject({ soft: null, hard: 500_250_000, assumedPrice: 45_000, subject: null })
  expect(budgetProblem(settings)).toBeUndefined()
  const budget = { ...settings, id: 'b', createdAt: 0, current }
  expect(fromBudgetForm(toBudgetForm(budget))).toEqual(settings)
})

test('the largest amount that can be written is one that the server takes, and more is no amount', () => {
  const most = fromBudgetForm({ ...toBudgetForm(), name: 'Texts', hard: '999999999.999999' })
  expect(most.hard).toBe(999_999_999_999_999)
  expect(budgetRoutes.createBudget.body.safeParse(most).success).toBe(true)
  expect(fromBudgetForm({ ...toBudgetForm(), hard: '1000000000' }).hard).toBeNaN()
})

test('only a hard amount of text messages moves to e-mail, whatever was chosen before', () => {
  const form = { ...toBudgetForm(), hard: '5', atHard: 'email' } as const
  const moves = [form, { ...form, hard: '' }, { ...form, channel: 'email' } as const]
  expect(moves.map(each => fromBudgetForm(each).atHard)).toEqual(['email', 'stop', 'stop'])
})

test('e-mails have no country and no segments, whatever was typed before', () => {
  expect([scopesOf('sms').includes('country'), scopesOf('email').includes('country')]).toEqual([true, false])
  expect(fromBudgetForm({ ...toBudgetForm(), channel: 'email', segments: 'x' }).segments).toBe(2)
})

test('what is no amount is no amount of 0', () => {
  expect(fromBudgetForm({ ...toBudgetForm(), hard: 'much' }).hard).toBeNaN()
})

test('a bar shows what is certain and what is not, of the hard amount or else the soft one', () => {
  expect(barOf({ soft: 300_000, hard: 400_000, current })).toEqual({ final: 50, estimated: 25, isSoft: true })
  expect(barOf({ soft: 150_000, hard: null, current })).toEqual({ final: 100, estimated: 0, isSoft: true })
})
