import { z } from 'zod'
import { AnyIdentifier, JsonObject, Links, LocalizedText } from './common.ts'
import { PHONE_COUNTRIES } from './countries.ts'
import { onlyDigits } from './digits.ts'
import { defineRoute } from './route.ts'
import { Pause } from './send-limits.ts'

/** Stands among destinations for every country and region but mainland China. */
export const ELSEWHERE = 'elsewhere'

/** Where text messages go over a connection when nobody says anything else. */
export const EVERYWHERE: readonly string[] = ['CN', ELSEWHERE]

/**
 * Whether destinations include a country or region; undefined stands for one that nobody can tell.
 *
 * @example sendsTo(['HK', 'MO'], 'HK') // true
 * @example sendsTo(['elsewhere'], 'CN') // false
 */
export const sendsTo = (destinations: readonly string[], country: string | undefined): boolean =>
  country === 'CN'
    ? destinations.includes('CN')
    : destinations.includes(ELSEWHERE) || (country !== undefined && destinations.includes(country))

const Destinations = z
  .array(
    z.string().refine(value => value === ELSEWHERE || PHONE_COUNTRIES.includes(value), {
      error: 'must be the two letters of a country or region, such as CN for mainland China, or elsewhere',
    }),
  )
  .min(1, 'name at least one destination, or switch the connection off')
  .max(PHONE_COUNTRIES.length + 1)
  .overwrite(values => [...new Set(values)])
  .describe(
    'Where text messages go over it: countries and regions by their two letters, CN for mainland China, and `elsewhere` for all but mainland China. Left out of a new connection: mainland China alone for the connectors that come along, everywhere for those of packages.',
  )

/** Of `applications` of one connection. */
const MOST_APPLICATIONS = 1000

const ApplicationIds = z
  .array(z.string().min(1).max(128))
  .max(MOST_APPLICATIONS)
  .overwrite(values => [...new Set(values)])
  .nullable()
  .describe(
    'The ids of the applications whose messages go over it; null, or an empty list, for all. A message belongs to the application that somebody signs in to, whose token calls the account API, or whose token calls the Management API. What an operator sends in the console belongs to none, and goes only over connections for all.',
  )

const Share = z
  .int()
  .min(1, 'must be from 1 to 100; to send nothing over it, switch the connection off')
  .max(100, 'must be from 1 to 100')
  .describe(
    'The percent of messages that go over it first; for all others it stands behind the connections with 100. With 100 it stands where the order puts it.',
  )

const Feedback = z
  .boolean()
  .describe(
    'Whether its provider is told, in the background, if codes were used. Only some providers can be told.',
  )

/** How many numbers may be exempt; as many as Alibaba Cloud exempts. */
export const MOST_EXEMPT = 300

/** A window of a provider: so many are counted exactly. */
const most = z
  .int('must be a whole number; leave it out for no limit')
  .min(1, 'must be 1 at least; leave it out for no limit')
  .max(100, 'must be 100 at most; leave it out for no limit')
  .nullable()
  .default(null)

/** How many messages a provider takes for one mainland number. */
export const ConnectionWindows = z
  .strictObject({
    pause: Pause,
    minute: most,
    hour: most,
    day: most,
    exempt: z
      .array(
        z
          .string()
          .max(32)
          .transform(onlyDigits)
          .refine(value => /^86\d{11}$/.test(value), { error: 'must be a mainland number with its 86' }),
      )
      .max(MOST_EXEMPT)
      .default([])
      .describe('Numbers that the provider is told to exempt, country code first.'),
  })
  .describe(
    'How many messages the provider takes for one mainland number, as it is set in its console; null for what it does by default. Before it refuses, the message goes over another connection, or whoever asks hears how long to wait.',
  )
export type ConnectionWindows = z.output<typeof ConnectionWindows>

const Name = z.string().trim().min(1, 'write a name, or null for none').max(100)

/** How a connection works. */
export const ConnectionHealth = z.object({
  /**
   * `resting`: it is passed over where another one can carry the message, until one message goes over it again. `held`: an
   * operator has it passed over until somebody ends that.
   */
  state: z.enum(['healthy', 'resting', 'held']),
  /** Why it rests. */
  reason: z.enum(['failing', 'balance_exhausted', 'credentials_rejected']).nullable(),
  /** Null when it has always been healthy. */
  since: z.number().nullable(),
  /** When a message tries it again, although others can carry that. */
  retryAt: z.number().nullable(),
  /** The failure with which its rest began, the provider's code for it, what it means and what to do about it. */
  failure: z.string().nullable(),
  providerCode: z.string().nullable(),
  meaning: LocalizedText.nullable(),
  remedy: LocalizedText.nullable(),
  links: Links,
})
export type ConnectionHealth = z.output<typeof ConnectionHealth>

/** A saved connection without its configuration, which holds secrets. */
export const ConnectionSummary = z.object({
  id: z.string(),
  /** The connector's id on the wire, e.g. `aliyun-short-message-service`. */
  connectorId: z.string(),
  channel: z.enum(['sms', 'email']),
  /** What operators call it. */
  name: z.string().nullable(),
  /** Messages of the channel may go over it. The others are only kept. */
  enabled: z.boolean(),
  /** Where its text messages go; null for e-mail, which goes everywhere. */
  destinations: Destinations.nullable(),
  /** The ids of the applications whose messages go over it; null for all. One that was deleted may be among them. */
  applications: z.array(z.string()).nullable(),
  /** The percent of messages that go over it first; with 100 it stands where the order puts it. */
  share: z.int(),
  health: ConnectionHealth,
  /** Its provider is told whether codes were used; null where it cannot be told. */
  feedback: z.boolean().nullable(),
  /** How many messages its provider takes for one mainland number, where an operator said so. */
  windows: ConnectionWindows.nullable(),
  createdAt: z.number(),
  /** When it was changed or switched on or off. */
  updatedAt: z.number(),
})
export type ConnectionSummary = z.output<typeof ConnectionSummary>

/** A saved connection as a whole, secrets in clear. */
export const Connection = ConnectionSummary.extend({ config: JsonObject })
export type Connection = z.output<typeof Connection>

/** What becomes of a connection for a message: it is a candidate, or why it is none. */
export const RouteVerdict = z.enum([
  'candidate',
  'off',
  'applications',
  'destinations',
  'incomplete',
  'no_template',
  'resting',
  'due',
  'code_length',
])
export type RouteVerdict = z.output<typeof RouteVerdict>

/** What would happen to a text message to a number. */
export const PlannedRoute = z.object({
  /** The number in its one form, country code first. */
  phone: z.string(),
  /** Its country or region; null where nobody can tell. */
  country: z.string().nullable(),
  /** Every connection for text messages in their order, as it is for messages that no share reaches. */
  connections: z.array(
    z.object({
      id: z.string(),
      connectorId: z.string(),
      name: z.string().nullable(),
      share: z.int(),
      verdict: RouteVerdict,
    }),
  ),
  /** For so many percent of such messages the candidates in their turns: the message goes over the first that can send it. */
  cases: z.array(z.object({ percent: z.int(), connectionIds: z.array(z.string()) })),
})
export type PlannedRoute = z.output<typeof PlannedRoute>

const tag = 'Connections'
const auth = 'management'
const byId = z.object({ id: z.string() })

const change = {
  name: Name.nullable().optional(),
  enabled: z.boolean().optional(),
  feedback: Feedback.optional(),
  windows: ConnectionWindows.nullable().optional(),
  destinations: Destinations.optional(),
  applications: ApplicationIds.optional(),
  share: Share.optional(),
  config: JsonObject.optional(),
}

/**
 * Every saved connection, those that are switched off too; ours alone. As connectors in the sense of Logto
 * (`connectorRoutes`) there is only the first of each channel that is on, and a new one there takes its place.
 */
export const connectionRoutes = {
  listConnections: defineRoute({
    method: 'get',
    path: '/api/connections',
    operationId: 'ListConnections',
    tag,
    auth,
    summary:
      'List the saved connections, on and off, without their configurations: of each channel in the order in which messages go over them',
    answers: { 200: z.array(ConnectionSummary) },
  }),
  createConnection: defineRoute({
    method: 'post',
    path: '/api/connections',
    operationId: 'CreateConnection',
    tag,
    auth,
    summary:
      'Save a connection beside those of its channel that are on, as the last of them unless `first` is true; it is on unless `enabled` is false',
    body: z.object({
      ...change,
      connectorId: z.string(),
      config: JsonObject,
      first: z.boolean().optional().describe('Put it before the others of its channel, and not after them.'),
    }),
    answers: { 201: Connection },
  }),
  getConnection: defineRoute({
    method: 'get',
    path: '/api/connections/{id}',
    operationId: 'GetConnection',
    tag,
    auth,
    summary: 'Read a connection with its configuration',
    params: byId,
    answers: { 200: Connection },
  }),
  updateConnection: defineRoute({
    method: 'patch',
    path: '/api/connections/{id}',
    operationId: 'UpdateConnection',
    tag,
    auth,
    summary:
      'Switch a connection on, beside those that are on, or off; name it; say where and for which applications it sends, and how much; replace its configuration as a whole',
    params: byId,
    body: z.object(change),
    answers: { 200: Connection },
  }),
  orderConnections: defineRoute({
    method: 'put',
    path: '/api/connections/order',
    operationId: 'OrderConnections',
    tag,
    auth,
    summary: 'Put the connections of a channel into the order in which messages go over them',
    body: z.object({
      channel: z.enum(['sms', 'email']),
      ids: z
        .array(z.string().max(256))
        .max(1000)
        .describe('The id of every connection of the channel, on or off, each once.'),
    }),
    answers: { 200: z.array(ConnectionSummary) },
  }),
  planRoute: defineRoute({
    method: 'post',
    path: '/api/connections/route',
    operationId: 'PlanRoute',
    tag,
    auth,
    changes: false,
    summary:
      'Say over which connections a text message to a number would go, and why the others are left out; nothing is sent',
    body: z.object({
      phone: AnyIdentifier,
      applicationId: z
        .string()
        .max(128)
        .optional()
        .describe('The application that the message is for; none when it is left out.'),
    }),
    answers: { 200: PlannedRoute },
  }),
  setConnectionHealth: defineRoute({
    method: 'post',
    path: '/api/connections/{id}/health',
    operationId: 'SetConnectionHealth',
    tag,
    auth,
    summary:
      'Let messages go over a connection again although it rests (`healthy`), or have it passed over until then where another one can carry the message (`held`)',
    params: byId,
    body: z.object({ state: z.enum(['healthy', 'held']) }),
    answers: { 200: ConnectionSummary },
  }),
  deleteConnection: defineRoute({
    method: 'delete',
    path: '/api/connections/{id}',
    operationId: 'DeleteConnection',
    tag,
    auth,
    summary: 'Delete a connection, on or off; no other is switched on in its place',
    params: byId,
    answers: { 204: null },
  }),
}
