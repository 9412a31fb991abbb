import { z } from 'zod'
import { defineRoute } from './route.ts'

/** What messages are counted by. `prefix` and `country` are of phone numbers alone. */
export const SEND_SCOPES = ['recipient', 'address', 'prefix', 'country', 'application', 'all'] as const
export type SendScope = (typeof SEND_SCOPES)[number]

const most = z
  .int('must be a whole number; leave it out for no limit')
  .min(1, 'must be 1 at least; to send nothing, switch the connection off')
  .max(1_000_000, 'must be 1000000 at most; leave it out for no limit')
  .nullable()
  .default(null)

/** A pause between two messages. */
export const Pause = z
  .int('must be whole seconds; leave it out for no pause')
  .min(1, 'must be 1 at least; leave it out for no pause')
  .max(3600, 'must be 3600 at most')
  .nullable()
  .default(null)
  .describe('Seconds that must lie between two.')

const Windows = z.strictObject({
  pause: Pause,
  minute: most,
  hour: most,
  day: most,
})

const none = { pause: null, minute: null, hour: null, day: null }
const windows = Windows.default(none)

const EmailLimits = z.strictObject({
  recipient: windows,
  address: windows,
  application: windows,
  all: windows,
})

/** How many messages may be sent, by what they are counted by; null is no limit. */
export const SendLimits = z.strictObject({
  sms: EmailLimits.extend({ prefix: windows, country: windows }),
  email: EmailLimits,
})
export type SendLimits = z.output<typeof SendLimits>

/** So many of the newest messages a preview looks at. */
export const MOST_REPLAYED = 200_000

const figures = {
  /** Those that would have been refused. */
  refused: z.int(),
  /** Of these, those whose codes were used: somebody honest had asked for them. */
  used: z.int(),
}

/** What limits would have made of the messages of the last seven days. */
export const LimitsPreview = z.object({
  /** The messages that were looked at: those that left, or may have. */
  messages: z.int(),
  /** Since when. */
  from: z.number(),
  /** There were more; only the newest were looked at. */
  isCut: z.boolean(),
  ...figures,
  /** By each limit that is set. A message that several would have refused counts for each of them. */
  bounds: z.array(
    z.object({
      channel: z.enum(['sms', 'email']),
      scope: z.enum(SEND_SCOPES),
      window: z.enum(['pause', 'minute', 'hour', 'day']),
      ...figures,
    }),
  ),
})
export type LimitsPreview = z.output<typeof LimitsPreview>

const tag = 'Protection'

/** How many messages may be sent; ours alone. */
export const sendLimitRoutes = {
  getSendLimits: defineRoute({
    method: 'get',
    path: '/api/protection/limits',
    operationId: 'GetSendLimits',
    tag,
    auth: 'management',
    summary: 'Get how many messages may be sent, and whether an operator has said so',
    answers: { 200: z.object({ limits: SendLimits, isDefault: z.boolean() }) },
  }),
  putSendLimits: defineRoute({
    method: 'put',
    path: '/api/protection/limits',
    operationId: 'PutSendLimits',
    tag,
    auth: 'management',
    summary:
      'Set how many messages may be sent by a recipient, a client address (of IPv6 a /64), a number prefix, a country, an application and in all. What is left out has no limit',
    body: SendLimits,
    answers: { 200: z.object({ limits: SendLimits, isDefault: z.boolean() }) },
  }),
  previewSendLimits: defineRoute({
    method: 'post',
    path: '/api/protection/limits/preview',
    operationId: 'PreviewSendLimits',
    tag,
    auth: 'management',
    changes: false,
    summary:
      'Say how many messages of the last seven days limits would have refused, and how many of these were used; nothing is set',
    body: SendLimits,
    answers: { 200: LimitsPreview },
  }),
  deleteSendLimits: defineRoute({
    method: 'delete',
    path: '/api/protection/limits',
    operationId: 'DeleteSendLimits',
    tag,
    auth: 'management',
    summary: 'Go back to the limits that hold when nobody has set any',
    answers: { 204: null },
  }),
}
