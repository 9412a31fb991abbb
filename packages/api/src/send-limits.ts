import { z } from 'zod'
import { defineRoute } from './route.ts'

/** What messages are counted by. `prefix` and `country` are of phone numbers alone. */
export const SEND_SCOPES = ['recipient', 'address', 'prefix', 'country', 'application', 'all'] as const
export type SendScope = (typeof SEND_SCOPES)[number]

const most = z
  .int('must be a whole number; leave it out for no limit')
  .min(1, 'must be 1 at least; to send nothing, switch the connection off')
  .max(1_000_000)
  .nullable()
  .default(null)

const Windows = z.strictObject({
  pause: z
    .int('must be whole seconds; leave it out for no pause')
    .min(1, 'must be 1 at least; leave it out for no pause')
    .max(3600)
    .nullable()
    .default(null)
    .describe('Seconds that must lie between two.'),
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
