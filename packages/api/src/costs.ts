import { z } from 'zod'
import { LocalizedText } from './common.ts'
import { PHONE_COUNTRIES } from './countries.ts'
import { defineRoute } from './route.ts'

/** Rates that a table of prices may have: every country and region, and many single networks. */
export const MOST_RATES = 1000

/** Days that sums may span. */
export const MOST_DAYS = 400

const Day = z.string().regex(/^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, {
  error: 'must be a day such as 2026-01-31',
})

/** What one message costs to some numbers, or in mail. */
export const Rate = z.object({
  to: z
    .string()
    .refine(to => to === '*' || /^[1-9]\d{0,9}$/.test(to) || PHONE_COUNTRIES.includes(to), {
      error:
        'must be the digits that numbers begin with, such as 86, the two letters of a country or region, or * for all others',
    })
    .describe(
      'The digits that a number begins with, of which the longest count; else its country or region by two letters; else `*`.',
    ),
  currency: z.string().regex(/^[A-Z]{3}$/, { error: 'must be the three letters of a currency, such as CNY' }),
  price: z
    .int()
    .min(0)
    .max(1_000_000_000_000)
    .nullable()
    .describe(
      'Millionths of the currency for each unit; null where it is not known, which is not the same as 0.',
    ),
  unit: z.enum(['segment', 'message']).describe('What is counted.'),
  charged: z
    .enum(['submission', 'receipt'])
    .describe(
      'When it is due: when the provider takes the message, or when a receipt says that it was delivered.',
    ),
  source: z.string().trim().max(300).default('').describe('Where the price was read.'),
  asOf: z
    .string()
    .regex(/^20\d\d(?:-\d\d){0,2}$/, { error: 'must be a year, a month or a day, such as 2026-01-31' })
    .describe('The day or month of which the price is.'),
})
export type Rate = z.output<typeof Rate>

/** What messages cost over a connection. */
export const Prices = z.object({
  /** An operator wrote them; else they are those that the connector comes with. */
  isOwn: z.boolean(),
  rates: z.array(Rate),
  /** What the connector comes with; null where nobody knows. */
  list: z.object({ name: LocalizedText, rates: z.array(Rate) }).nullable(),
})
export type Prices = z.output<typeof Prices>

/** What sums are broken down by. */
export const CostsBy = z.enum(['day', 'country', 'connection', 'application'])
export type CostsBy = z.output<typeof CostsBy>

/** Figures of attempts. */
const figures = {
  /** Attempts that left, or may have left: each may be charged. */
  sent: z.int(),
  /** Those of which a receipt says that they were delivered, or that they were not. */
  delivered: z.int(),
  undelivered: z.int(),
  /** Those whose code was used. */
  verified: z.int(),
  /** Those of which nobody knows the price: they are in no sum. */
  unpriced: z.int(),
  /** A sum for each currency, in millionths of it; `estimated` is the part that may still turn out otherwise. */
  costs: z.array(z.object({ currency: z.string(), amount: z.int(), estimated: z.int() })),
}

/** What messages came to and cost between two days. */
export const CostSums = z.object({
  /** The first and the last day, both inclusive, in the time zone. */
  from: Day,
  to: Day,
  timeZone: z.string(),
  by: CostsBy,
  total: z.object(figures),
  /**
   * Days in their order, anything else with what was sent most first. The key is a day, the two letters of a country, or
   * the id of a connection or application; null stands for messages without one.
   */
  groups: z.array(z.object({ key: z.string().nullable(), ...figures })),
  /** There are more groups, with less in them; they are in the total. */
  isCut: z.boolean(),
  /** For how many days sums are kept, also of messages that are forgotten; what is older is in none. */
  keptDays: z.int(),
})
export type CostSums = z.output<typeof CostSums>
export type CostFigures = CostSums['total']

const sumsQuery = z.object({
  from: Day.optional().describe('The first day; 29 days before the last where it is left out.'),
  to: Day.optional().describe('The last day; today where it is left out.'),
  by: CostsBy.optional().describe('`day` where it is left out.'),
  timeZone: z
    .string()
    .max(64)
    .optional()
    .describe('The time zone in which days begin, such as `Asia/Shanghai`; UTC where it is left out.'),
  country: z.string().max(2).optional(),
  connectionId: z.string().max(256).optional(),
  applicationId: z.string().max(128).optional(),
})

const byId = z.object({ id: z.string() })

/** What messages cost: tables of prices by token or session, sums only with an operator's session. */
export const costRoutes = {
  getPrices: defineRoute({
    method: 'get',
    path: '/api/connections/{id}/prices',
    operationId: 'GetConnectionPrices',
    tag: 'Connections',
    auth: 'management',
    summary: 'Read what messages cost over a connection',
    params: byId,
    answers: { 200: Prices },
  }),
  replacePrices: defineRoute({
    method: 'put',
    path: '/api/connections/{id}/prices',
    operationId: 'ReplaceConnectionPrices',
    tag: 'Connections',
    auth: 'management',
    summary:
      'Write what messages cost over a connection, as a whole; what was sent before keeps the price that it had',
    params: byId,
    body: z.object({
      rates: z
        .array(Rate)
        .max(MOST_RATES)
        .refine(rates => new Set(rates.map(({ to }) => to)).size === rates.length, {
          error: 'each destination once',
        }),
    }),
    answers: { 200: Prices },
  }),
  resetPrices: defineRoute({
    method: 'delete',
    path: '/api/connections/{id}/prices',
    operationId: 'ResetConnectionPrices',
    tag: 'Connections',
    auth: 'management',
    summary: 'Have a connection go by the prices again that its connector comes with',
    params: byId,
    answers: { 200: Prices },
  }),
  sumCosts: defineRoute({
    method: 'get',
    path: '/api/console/costs',
    operationId: 'SumCosts',
    tag: 'Console',
    auth: 'operator',
    summary: `Sum up what messages came to and cost, over ${MOST_DAYS} days at most`,
    query: sumsQuery,
    answers: { 200: CostSums },
  }),
  exportCosts: defineRoute({
    method: 'get',
    path: '/api/console/costs.csv',
    operationId: 'ExportCosts',
    tag: 'Console',
    auth: 'operator',
    summary: 'Get the same sums as a table in CSV',
    query: sumsQuery,
    answers: { 200: null },
  }),
}
