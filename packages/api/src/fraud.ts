import { z } from 'zod'
import { defineRoute } from './route.ts'

/** What the messages of a finding have in common, the narrowest first. */
export const FRAUD_KINDS = ['network', 'prefix', 'application', 'country'] as const
export const FraudKind = z.enum(FRAUD_KINDS)
export type FraudKind = z.output<typeof FraudKind>

/** What becomes of messages of a finding. `record`: they leave, and it is noted with them. */
export const FRAUD_MODES = ['record', 'captcha', 'refuse'] as const
export const FraudMode = z.enum(FRAUD_MODES)
export type FraudMode = z.output<typeof FraudMode>

/** By what it was expected how many codes are used: the subject's own history, its channel's, or nobody's. */
export const FraudBasis = z.enum(['own', 'channel', 'assumed'])
export type FraudBasis = z.output<typeof FraudBasis>

const mode = FraudMode.default('record')

/** What becomes of messages of a finding, by the kind of what they have in common. */
export const FraudModes = z.strictObject({
  network: mode,
  prefix: mode,
  application: mode,
  country: mode,
})
export type FraudModes = z.output<typeof FraudModes>

const Figures = z.object({
  /** Who was sent codes. */
  people: z.int(),
  /** How many of them used one. */
  used: z.int(),
})

/** Something whose codes are used far less than they were before. */
export const FraudFinding = z.object({
  id: z.string(),
  channel: z.enum(['sms', 'email']),
  kind: FraudKind,
  /** A number prefix, two letters of a country, the id of an application, or of a network the begin of its keyed hash. */
  subject: z.string(),
  /** `open`: it holds. `allowed`: an operator lets its messages go. */
  state: z.enum(['open', 'allowed', 'ended']),
  /** What becomes of its messages, as operators have set it. */
  mode: FraudMode,
  /** Whether it shows within an hour, or within a day. */
  window: z.enum(['hour', 'day']),
  figures: Figures,
  /** What part of the people was to be expected to use a code, from 0 to 1, at the least. */
  expected: z.number(),
  basis: FraudBasis,
  /** What that is by: the 14 days before. */
  before: Figures,
  beganAt: z.number(),
  /** When it showed last. */
  seenAt: z.number(),
  endedAt: z.number().nullable(),
  /**
   * `well`: codes are used again. `quiet`: hardly anybody was sent one for some hours. `taken_back`, `allowance_over`: it
   * was allowed, and is looked at anew.
   */
  endReason: z.enum(['well', 'quiet', 'taken_back', 'allowance_over']).nullable(),
  allowedUntil: z.number().nullable(),
  /** The operator or application that allowed it. */
  allowedBy: z.string().nullable(),
  /** How many messages it was noted with, by what the mode was: `record` and `captcha` that left, and what was held up. */
  decisions: z.object({
    recorded: z.int(),
    passed: z.int(),
    challenged: z.int(),
    refused: z.int(),
    /** Those that a check was passed for, and that did not leave all the same: see `escalates`. */
    heldBack: z.int(),
  }),
  /** What those of them cost that left, in millionths of each currency, as far as that is known. */
  costs: z.array(z.object({ currency: z.string(), amount: z.int() })),
})
export type FraudFinding = z.output<typeof FraudFinding>

/** What the guard goes by. */
const Rules = z.object({
  /** Fewer people prove nothing. */
  people: z.int(),
  /** Minutes that a code is given to be used. */
  ripeMinutes: z.int(),
  historyDays: z.int(),
  /** Hours after which a finding ends that does not show any more. */
  quietHours: z.int(),
})

const Guard = z.object({
  modes: FraudModes,
  /** Whether passing a check is no longer enough where codes stay unused all the same. */
  escalates: z.boolean(),
  rules: Rules,
})

const tag = 'Protection'
const auth = 'management'
const params = z.object({ id: z.string().max(64) })

/** What messages are noted with, or held up for, because codes of their like are not used; ours alone. */
export const fraudRoutes = {
  getFraudGuard: defineRoute({
    method: 'get',
    path: '/api/protection/fraud',
    operationId: 'GetFraudGuard',
    tag,
    auth,
    summary: 'Get what becomes of messages whose like are not used, and what that is found by',
    answers: { 200: Guard },
  }),
  putFraudGuard: defineRoute({
    method: 'put',
    path: '/api/protection/fraud',
    operationId: 'PutFraudGuard',
    tag,
    auth,
    summary:
      'Set what becomes of messages whose like are not used: record that alone, demand a check for people, or refuse them, and whether passing the check is no longer enough where codes stay unused all the same. What is left out is recorded',
    body: z.strictObject({ modes: FraudModes, escalates: z.boolean().default(false) }),
    answers: { 200: Guard },
  }),
  listFraudFindings: defineRoute({
    method: 'get',
    path: '/api/protection/fraud/findings',
    operationId: 'ListFraudFindings',
    tag,
    auth,
    summary:
      'List the findings of the fraud guard: those that hold, those that are allowed, and the last ones that ended',
    answers: { 200: z.array(FraudFinding) },
  }),
  allowFraudFinding: defineRoute({
    method: 'post',
    path: '/api/protection/fraud/findings/{id}/allow',
    operationId: 'AllowFraudFinding',
    tag,
    auth,
    summary: 'Let the messages of a finding go for some days, whatever becomes of their codes',
    params,
    body: z.object({
      days: z
        .int('must be whole days')
        .min(1, 'must be 1 at least')
        .max(365, 'must be 365 at most')
        .default(7),
    }),
    answers: { 200: FraudFinding },
  }),
  disallowFraudFinding: defineRoute({
    method: 'delete',
    path: '/api/protection/fraud/findings/{id}/allow',
    operationId: 'DisallowFraudFinding',
    tag,
    auth,
    summary: 'Take back that the messages of a finding are let go: they are judged anew',
    params,
    answers: { 204: null },
  }),
}
