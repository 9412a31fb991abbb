import { z } from 'zod'
import { PHONE_COUNTRIES } from './countries.ts'
import { defineRoute } from './route.ts'

/** So many budgets there are at most: each message looks at all of them. */
export const MOST_BUDGETS = 100

/** What a budget is for: all messages, or those of one country, connection or application. */
export const BUDGET_SCOPES = ['all', 'country', 'connection', 'application'] as const
export type BudgetScope = (typeof BUDGET_SCOPES)[number]

/** What becomes of a text message that a budget has no money for: it is refused, or a code goes to its owner's e-mail address. */
export const AT_HARD = ['stop', 'email'] as const

/** An amount in millionths of a currency; a thousand million of it at most. */
const amount = z
  .int('must be whole millionths of the currency; leave it out for none')
  .min(1, 'must be 1 at least; leave it out for none')
  .max(1_000_000_000_000_000, 'must be 1000000000000000 at most; leave it out for none')
  .nullable()

/** What may be set. */
const settings = {
  name: z.string().trim().min(1, 'must not be empty').max(128),
  channel: z.enum(['sms', 'email']),
  period: z.enum(['day', 'month']).describe('A day or a month of the calendar in the time zone.'),
  timeZone: z.string().max(64).describe('Where days and months begin, such as `Asia/Shanghai`.'),
  scope: z.enum(BUDGET_SCOPES),
  subject: z
    .string()
    .max(128)
    .nullable()
    .describe('The two letters of the country, or the id of the connection or application; null for `all`.'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be three letters of ISO 4217, such as CNY')
    .describe('Only prices in this currency count; nothing is converted.'),
  soft: amount.describe(
    'From here on pages ask strangers for a check for people before they send. In millionths.',
  ),
  hard: amount.describe('More is never spent within a period. In millionths.'),
  keptForKnown: z
    .int('must be whole percent')
    .min(0, 'must be 0 at least')
    .max(90, 'must be 90 at most')
    .describe(
      'So many percent of the hard amount are kept for visitors who were here before: strangers get none of it.',
    ),
  atHard: z
    .enum(AT_HARD)
    .describe(
      'What becomes of text messages when the hard amount is reached. `email`: where somebody signs in or resets a password on the hosted pages with a number, the code goes to the e-mail address of the account with that number, if there is one; the page does not say whether there is. All budgets that stop the message must say so.',
    ),
  segments: z
    .int('must be a whole number')
    .min(1, 'must be 1 at least')
    .max(20, 'must be 20 at most')
    .describe('So many segments a text message counts for until its provider has said how many it was.'),
  assumedPrice: amount.describe(
    'What a message counts for whose price nobody knows, in millionths; null where these do not count.',
  ),
}

const defaults = {
  channel: settings.channel.default('sms'),
  timeZone: settings.timeZone.default('Asia/Shanghai'),
  scope: settings.scope.default('all'),
  subject: settings.subject.default(null),
  currency: settings.currency.default('CNY'),
  soft: settings.soft.default(null),
  hard: settings.hard.default(null),
  keptForKnown: settings.keptForKnown.default(0),
  atHard: settings.atHard.default('stop'),
  segments: settings.segments.default(2),
  assumedPrice: settings.assumedPrice.default(null),
}

export const BudgetSettings = z.strictObject({ ...settings, ...defaults })
export type BudgetSettings = z.output<typeof BudgetSettings>

/** How a budget stands in the period that runs. */
const Use = z.object({
  begin: z.int(),
  /** Not part of it. */
  end: z.int(),
  /** What counts, in millionths: what messages cost by the ledger, and what those under way may cost at most. */
  used: z.int(),
  /** The part of it that may still turn out to be less. */
  estimated: z.int(),
  /** Messages that left and whose price nobody knows: they count for the assumed price, or not at all. */
  unpriced: z.int(),
  /** When the amounts were reached, or null. */
  softAt: z.int().nullable(),
  hardAt: z.int().nullable(),
})

export const Budget = z.object({ ...settings, id: z.string(), createdAt: z.int(), current: Use })
export type Budget = z.output<typeof Budget>

/**
 * Says what is wrong with a budget as a whole, and with which member; undefined where nothing is.
 *
 * @example budgetProblem({ scope: 'all', subject: null, soft: 2, hard: 1 })?.path // ['soft']
 */
export function budgetProblem(
  budget: BudgetSettings,
): { path: [keyof BudgetSettings]; message: string } | undefined {
  const { soft, hard, scope, subject, channel, atHard } = budget
  if (soft === null && hard === null) return { path: ['hard'], message: 'set it, or the soft amount' }
  if (soft !== null && hard !== null && soft > hard)
    return { path: ['soft'], message: 'must not be more than the hard amount' }
  if (scope === 'all' && subject !== null) return { path: ['subject'], message: 'leave it out for all' }
  if (scope !== 'all' && !subject) return { path: ['subject'], message: `name the ${scope}` }
  if (scope === 'country' && !PHONE_COUNTRIES.includes(subject!))
    return { path: ['subject'], message: 'must be the two letters of a country or region, such as CN' }
  if (scope === 'country' && channel === 'email')
    return { path: ['scope'], message: 'e-mails have no country; choose another one' }
  if (atHard === 'email' && channel === 'email')
    return { path: ['atHard'], message: 'must be stop: e-mails cannot move to e-mail' }
  return undefined
}

const tag = 'Protection'
const auth = 'management'
const params = z.object({ id: z.string() })

/** What may be spent on messages; ours alone. */
export const budgetRoutes = {
  listBudgets: defineRoute({
    method: 'get',
    path: '/api/protection/budgets',
    operationId: 'ListBudgets',
    tag,
    auth,
    summary: 'List the budgets, oldest first, each with what is used of it in the period that runs',
    answers: { 200: z.array(Budget) },
  }),
  createBudget: defineRoute({
    method: 'post',
    path: '/api/protection/budgets',
    operationId: 'CreateBudget',
    tag,
    auth,
    summary: `Set what may be spent on messages in a day or a month; ${MOST_BUDGETS} budgets at most`,
    body: BudgetSettings,
    answers: { 201: Budget },
  }),
  updateBudget: defineRoute({
    method: 'patch',
    path: '/api/protection/budgets/{id}',
    operationId: 'UpdateBudget',
    tag,
    auth,
    summary: 'Change a budget; what was spent in the period that runs counts',
    params,
    body: z.strictObject(settings).partial(),
    answers: { 200: Budget },
  }),
  deleteBudget: defineRoute({
    method: 'delete',
    path: '/api/protection/budgets/{id}',
    operationId: 'DeleteBudget',
    tag,
    auth,
    summary: 'Delete a budget',
    params,
    answers: { 204: null },
  }),
}
