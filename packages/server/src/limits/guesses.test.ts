import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DEFAULT_EXPERIENCE } from '../experience/defaults.ts'
import { codePolicy } from '../experience/experience.ts'
import { budgetOf } from './budget.ts'
import { DEFAULT_LIMITS } from './policy.ts'

// What the document promises of guesses is what the code allows. That the budget of an hour holds on both databases,
// whoever guesses, is tried in `sentinel.test.ts` and in `lockout.test.ts` of whole servers.

const document = readFileSync(new URL('../../../../docs/abuse.md', import.meta.url), 'utf8')
const [, section = ''] = document.split('## How many guesses')

/** The rows of the table: whom they are of, within what, and their figures. */
const rows = [...section.split('\n## ')[0]!.matchAll(/^\| (.+) \|$/gm)]
  .map(([, row]) => row!.split(' | '))
  .slice(2)
  .map(([of, within, ...figures]) => ({
    of,
    within,
    figures: figures.map(figure => Number(figure.replace('1 in ', '').replace(',', ''))),
  }))

/** Four more are the guesses with which blocks begin; see `Budget`. */
const BEGINNINGS = 4

test('the guesses that the document tells of are those that there are, and so are their chances', () => {
  const { common, reserve, devices } = budgetOf(DEFAULT_EXPERIENCE.sentinelPolicy)
  const hour = common + reserve + devices + BEGINNINGS
  const { tries, length } = codePolicy(DEFAULT_EXPERIENCE)
  const chances = (guesses: number) => [
    guesses,
    Math.floor(10 ** length / guesses),
    Math.floor(10 ** length / (2 * guesses)),
  ]
  const { sms, email } = DEFAULT_LIMITS
  expect(rows.map(({ figures }) => figures)).toEqual([
    chances(hour),
    chances(sms.recipient.day! * tries),
    chances(email.recipient.day! * tries),
    chances(24 * hour),
  ])
  expect(rows.map(({ within }) => within)).toEqual(['an hour', 'a day', 'a day', 'a day'])
})
