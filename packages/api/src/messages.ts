import { z } from 'zod'
import { Links, LocalizedText, PageQuery, UsageType } from './common.ts'
import { FraudMode } from './fraud.ts'
import { defineRoute } from './route.ts'

/** `unconfirmed`: no answer came after the request had left. `not_sent`: to a test identity, as older versions noted it. */
const ATTEMPT_STATES = ['sending', 'accepted', 'failed', 'unconfirmed', 'not_sent'] as const

/** What a provider said became of an attempt that it had taken. */
export const ReceiptEntry = z.object({
  id: z.string(),
  /** `push`: it told by itself. `pull`: it was asked. */
  via: z.enum(['push', 'pull']),
  /** `pending`: it has the message and does not know more yet. */
  state: z.enum(['delivered', 'failed', 'pending']),
  /** That of the carrier, or of the mail server. */
  code: z.string().nullable(),
  meaning: LocalizedText.nullable(),
  remedy: LocalizedText.nullable(),
  links: Links,
  /** The provider's words, without what could be a code, a number or an address. */
  detail: z.string().nullable(),
  /** When it happened, as the provider says. */
  at: z.number().nullable(),
  receivedAt: z.number(),
})
export type ReceiptEntry = z.output<typeof ReceiptEntry>

/** One attempt to get a message out. */
export const AttemptEntry = z.object({
  id: z.string(),
  createdAt: z.number(),
  /** Which one of its message. */
  nth: z.int(),
  connector: z.string(),
  /** The saved connection; null for a test of a configuration that is not saved. */
  connectionId: z.string().nullable(),
  /** Which of the message's codes it carries: a second one where an earlier attempt may have been sent. */
  code: z.enum(['first', 'second']),
  state: z.enum(ATTEMPT_STATES),
  /**
   * `interrupted`: the process that sent it ended before it knew how that went. `hedged`: it was silent for so long that
   * another message left with a second code, whatever it came to itself. `unknown_to_provider`: no answer came, and the
   * provider, when it was asked afterwards, knew nothing of it.
   */
  reason: z.enum(['interrupted', 'hedged', 'unknown_to_provider']).nullable(),
  /** The provider's ids by its own names. */
  ids: z.record(z.string(), z.string()),
  failure: z.string().nullable(),
  providerCode: z.string().nullable(),
  meaning: LocalizedText.nullable(),
  remedy: LocalizedText.nullable(),
  links: Links,
  answer: z.object({ status: z.number().optional(), body: z.string().optional() }).nullable(),
  /** Milliseconds. */
  took: z.number().nullable(),
  /** How many the provider charges; null while nobody knows. */
  segments: z.int().nullable(),
  /** By the price when it was sent; null for what has not left. */
  cost: z
    .object({
      /** Millionths of the currency; null where nobody knows. */
      amount: z.int().nullable(),
      currency: z.string().nullable(),
      charged: z.enum(['submission', 'receipt']).nullable(),
      /** It may still turn out otherwise: no answer, receipt or number of segments has come. */
      isEstimate: z.boolean(),
    })
    .nullable(),
  /** By the first receipt that was final; `none` where none came; null while one may come. */
  receipt: z.enum(['delivered', 'undelivered', 'none']).nullable(),
  /** Why there is none. `not_asked`: the provider could not be asked in time. */
  receiptReason: z.enum(['no_receipt', 'unknown_to_provider', 'not_asked']).nullable(),
  /** All of them, in the order in which they came. */
  receipts: z.array(ReceiptEntry),
})
export type AttemptEntry = z.output<typeof AttemptEntry>

/**
 * What receipts say of it (`delivered`, `undelivered`); else the state of the attempt that came furthest, or what was
 * decided instead of one.
 */
export const MessageState = z.enum([...ATTEMPT_STATES, 'delivered', 'undelivered', 'refused', 'suppressed'])
export type MessageState = z.output<typeof MessageState>

/** Why there was no attempt. */
export const MessageReason = z.enum([
  'limit',
  'limit_address',
  'limit_prefix',
  'limit_country',
  'limit_application',
  'limit_all',
  'limit_provider',
  'pause',
  'captcha',
  'budget',
  'fraud',
  'fraud_escalated',
  'impossible_number',
  'blocked_address',
  'no_connector',
  'no_application',
  'no_destination',
  'no_configuration',
  'resting',
  'no_account',
  'no_address',
  'test_identity',
  'interrupted',
])
export type MessageReason = z.output<typeof MessageReason>

/** A message that somebody asked for, and what became of it. */
export const MessageEntry = z.object({
  id: z.string(),
  createdAt: z.number(),
  channel: z.enum(['sms', 'email']),
  usageType: UsageType,
  /** Masked, e.g. `+86 138****8000`; empty where many refused ones are counted without their recipients. */
  recipient: z.string(),
  /** Of a phone number, e.g. `CN`. */
  country: z.string().nullable(),
  /** How it was asked for; null for what an older version wrote. */
  askedBy: z.enum(['interaction', 'account', 'api', 'test']).nullable(),
  interactionId: z.string().nullable(),
  applicationId: z.string().nullable(),
  userId: z.string().nullable(),
  operatorId: z.string().nullable(),
  /** That of the attempt that came furthest. */
  connector: z.string().nullable(),
  state: MessageState,
  reason: MessageReason.nullable(),
  /** How often the same was refused or suppressed within the hour, and when last. */
  times: z.int(),
  lastAt: z.number(),
  /** When its code was used. */
  verifiedAt: z.number().nullable(),
  /** Which of its codes that was. */
  usedCode: z.enum(['first', 'second']).nullable(),
  /** The finding of the fraud guard that it was asked for with, and what that did with its messages. */
  fraud: z.object({ mode: FraudMode, finding: z.string() }).nullable(),
  /**
   * The name that the budget had which stopped it; of a message in another state, the budget that stopped the text message in
   * whose place it went.
   */
  budget: z.string().nullable(),
  attempts: z.array(AttemptEntry),
})
export type MessageEntry = z.output<typeof MessageEntry>

/** Messages that a table in CSV has at most; what is older is got by a filter of time. */
export const MOST_EXPORTED = 10_000

/** Of so many newest lines of refused messages the reasons are counted. */
export const MOST_REFUSALS = 20_000

/** What was refused of late, and whether the limits by address have something to count by. */
export const Refusals = z.object({
  /** The most frequent first; `times` counts every message. */
  reasons: z.array(z.object({ reason: MessageReason, times: z.int() })),
  /** There were more lines than are counted. */
  isCut: z.boolean(),
  /** Of the newest messages, how many visitors of the sign-in pages asked for, and of how many of these a network is known. */
  visitors: z.object({ messages: z.int(), known: z.int() }),
})
export type Refusals = z.output<typeof Refusals>

/** What a list of messages is cut down to. */
const filter = {
  /** A whole number or address, in any spelling: recipients are stored so that nobody can read them there. */
  recipient: z.string().max(256).optional(),
  country: z.string().max(2).optional(),
  connector: z.string().max(128).optional(),
  /** A saved connection that any attempt went over. */
  connectionId: z.string().max(128).optional(),
  state: MessageState.optional(),
  usageType: UsageType.optional(),
  applicationId: z.string().max(128).optional(),
  start_time: z.string().optional(),
  end_time: z.string().optional(),
}

/** Only on the console's own port, only with an operator's session. */
export const messageRoutes = {
  listMessages: defineRoute({
    method: 'get',
    path: '/api/console/messages',
    operationId: 'ListMessages',
    tag: 'Console',
    auth: 'operator',
    summary: 'List what became of messages, newest first, with the attempts to get them out',
    query: PageQuery.extend(filter),
    answers: { 200: z.array(MessageEntry) },
    paginated: true,
  }),
  exportMessages: defineRoute({
    method: 'get',
    path: '/api/console/messages.csv',
    operationId: 'ExportMessages',
    tag: 'Console',
    auth: 'operator',
    summary: `Get the same list as a table in CSV: the newest ${MOST_EXPORTED} messages`,
    query: z.object(filter),
    answers: { 200: null },
  }),
  countRefusals: defineRoute({
    method: 'get',
    path: '/api/console/messages/refusals',
    operationId: 'CountRefusals',
    tag: 'Console',
    auth: 'operator',
    summary: `Count the messages that were refused in the last seven days by reason, of the newest ${MOST_REFUSALS} lines at most`,
    answers: { 200: Refusals },
  }),
}
