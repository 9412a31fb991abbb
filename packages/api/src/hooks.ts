import { z } from 'zod'
import { JsonObject, PageQuery } from './common.ts'
import { plainSigns } from './email.ts'
import { isRobotAddress, Robot, RobotFailure, RobotInput } from './robots.ts'
import { defineRoute } from './route.ts'

/** Events that happen here; the names are Logto's, but for the last four, which are ours. */
export const HOOK_EVENTS = [
  'PostRegister',
  'PostSignIn',
  'PostResetPassword',
  'User.Created',
  'User.Deleted',
  'User.Data.Updated',
  'User.SuspensionStatus.Updated',
  'Identifier.Lockout',
  'Message.RateLimited',
  'Grant.LimitExceeded',
  'Connection.Health.Updated',
  'Budget.SoftReached',
  'Budget.HardReached',
  'Fraud.Found',
] as const

/** Taken and kept, because clients register whole lists, but of things that there are none of here. */
const FOREIGN_EVENTS = [
  'PostSignInAdaptiveMfaTriggered',
  'Role.Created',
  'Role.Deleted',
  'Role.Data.Updated',
  'Role.Scopes.Updated',
  'Scope.Created',
  'Scope.Deleted',
  'Scope.Data.Updated',
  'Organization.Created',
  'Organization.Deleted',
  'Organization.Data.Updated',
  'Organization.Membership.Updated',
  'OrganizationRole.Created',
  'OrganizationRole.Deleted',
  'OrganizationRole.Data.Updated',
  'OrganizationRole.Scopes.Updated',
  'OrganizationScope.Created',
  'OrganizationScope.Deleted',
  'OrganizationScope.Data.Updated',
] as const

export const HookEvent = z.enum([...HOOK_EVENTS, ...FOREIGN_EVENTS])
export type HookEvent = z.output<typeof HookEvent>

/** Headers that no webhook can set: they say how the request is framed, or carry what we vouch for. */
export const RESERVED_HOOK_HEADERS: readonly string[] = [
  'connection',
  'content-length',
  'countersign-event-id',
  'expect',
  'host',
  'keep-alive',
  'logto-signature-sha-256',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

export const HookConfig = z.object({
  /** Any text: one of before, or of a test, that is no address fails at delivery and says so there. */
  url: z.string(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Tries after the first one. */
  retries: z.number().min(0).max(3).optional(),
  /** Not Logto's: the address is a chat service's robot, which is told in sentences. Left out, the receiver gets JSON. */
  robot: Robot.optional(),
})
export type HookConfig = z.output<typeof HookConfig>

/**
 * Says what keeps a text from being the address of a webhook; undefined when nothing does.
 *
 * @example hookAddressProblem('ftp://example.com') // 'no-address'
 */
export function hookAddressProblem(url: string): 'invisible' | 'no-address' | 'credentials' | undefined {
  if (/\s/.test(url) || plainSigns(url).length !== url.length) return 'invisible'
  const { protocol, username, password } = URL.parse(url) ?? {}
  if (protocol !== 'https:' && protocol !== 'http:') return 'no-address'
  return username || password ? 'credentials' : undefined
}

const HOOK_ADDRESS_MESSAGES = {
  invisible: 'must not hold spaces or characters that nobody sees; type the address again',
  'no-address': 'must be an address that begins with https:// or http://',
  credentials: 'must not hold a user name or password; send them in a header instead',
} as const

/** A configuration as it is said for a test: its address may be any text. */
const HookConfigGiven = HookConfig.extend({ robot: RobotInput.optional() })
export type HookConfigInput = z.output<typeof HookConfigGiven>

/** RFC 9110, 5.1 and 5.5: what no request can carry would fail at each delivery. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

const HookHeaders = z.record(z.string(), z.string()).superRefine((headers, context) => {
  for (const [name, value] of Object.entries(headers)) {
    const message = !HEADER_NAME.test(name)
      ? 'must be the name of a header: letters, digits and dashes, without a colon'
      : !HEADER_VALUE.test(value) && 'must be one line of Latin letters, digits and signs'
    if (message) context.addIssue({ code: 'custom', path: [name], message })
  }
})

/** How a webhook is saved: its address can be asked, and is a robot's where it should be one. */
const HookConfigInput = HookConfigGiven.extend({
  url: z
    .string()
    .meta({ format: 'uri' })
    .superRefine((url, context) => {
      const problem = hookAddressProblem(url)
      if (problem) context.addIssue({ code: 'custom', message: HOOK_ADDRESS_MESSAGES[problem] })
    }),
  headers: HookHeaders.optional(),
}).refine(({ url, robot }) => !robot || hookAddressProblem(url) || isRobotAddress(robot.form, url), {
  path: ['url'],
  message: 'must be the whole address that the chosen service gives to its robot',
})

export const Hook = z.object({
  tenantId: z.string(),
  id: z.string(),
  name: z.string(),
  event: HookEvent.nullable(),
  events: z.array(HookEvent),
  config: HookConfig,
  signingKey: z.string(),
  enabled: z.boolean(),
  createdAt: z.number(),
  /** Of the last 24 hours. */
  executionStats: z.object({ successCount: z.number(), requestCount: z.number() }).optional(),
})
export type Hook = z.output<typeof Hook>

/** One delivery and how it ended. */
export const HookLog = z.object({
  id: z.string(),
  key: z.string(),
  payload: z.looseObject({
    key: z.string(),
    result: z.enum(['Success', 'Error']),
    hookId: z.string(),
    hookRequest: z.object({ body: JsonObject }),
    response: z.object({ statusCode: z.number(), body: z.unknown() }).optional(),
    error: z.string().optional(),
    /** Of robots: what a failure means and what helps. */
    failure: RobotFailure.optional(),
    /** Of robots: why no message of its own was sent. */
    note: z.enum(['together', 'outdated']).optional(),
  }),
  createdAt: z.number(),
})
export type HookLog = z.output<typeof HookLog>

const Events = z.array(HookEvent).min(1)
const Name = z.string().min(1).max(256)
const tag = 'Hooks'
const auth = 'management'
const byId = z.object({ id: z.string() })

export const hookRoutes = {
  listHooks: defineRoute({
    method: 'get',
    path: '/api/hooks',
    operationId: 'ListHooks',
    tag,
    auth,
    summary: 'List the webhooks, newest first',
    query: PageQuery.extend({ includeExecutionStats: z.string().optional() }),
    answers: { 200: z.array(Hook) },
    paginated: true,
  }),
  createHook: defineRoute({
    method: 'post',
    path: '/api/hooks',
    operationId: 'CreateHook',
    tag,
    auth,
    summary: 'Register a webhook',
    body: z.object({
      name: Name.optional(),
      event: HookEvent.optional(),
      events: Events.optional(),
      config: HookConfigInput,
      enabled: z.boolean().optional(),
    }),
    answers: { 201: Hook },
  }),
  getHook: defineRoute({
    method: 'get',
    path: '/api/hooks/{id}',
    operationId: 'GetHook',
    tag,
    auth,
    summary: 'Read a webhook',
    params: byId,
    query: z.object({ includeExecutionStats: z.string().optional() }),
    answers: { 200: Hook },
  }),
  updateHook: defineRoute({
    method: 'patch',
    path: '/api/hooks/{id}',
    operationId: 'UpdateHook',
    tag,
    auth,
    summary: 'Change a webhook',
    params: byId,
    body: z.object({
      name: Name.optional(),
      event: HookEvent.nullable().optional(),
      events: Events.optional(),
      config: HookConfigInput.optional(),
      enabled: z.boolean().optional(),
    }),
    answers: { 200: Hook },
  }),
  deleteHook: defineRoute({
    method: 'delete',
    path: '/api/hooks/{id}',
    operationId: 'DeleteHook',
    tag,
    auth,
    summary: 'Delete a webhook; its log entries remain',
    params: byId,
    answers: { 204: null },
  }),
  updateHookSigningKey: defineRoute({
    method: 'patch',
    path: '/api/hooks/{id}/signing-key',
    operationId: 'UpdateHookSigningKey',
    tag,
    auth,
    summary: 'Give a webhook a fresh signing key, in force at once',
    params: byId,
    answers: { 200: Hook },
  }),
  testHook: defineRoute({
    method: 'post',
    path: '/api/hooks/{id}/test',
    operationId: 'CreateHookTest',
    tag,
    auth,
    summary: 'Send samples of events to a configuration, saved or not',
    params: byId,
    body: z.object({ events: Events, config: HookConfigGiven }),
    answers: { 204: null },
  }),
  listHookLogs: defineRoute({
    method: 'get',
    path: '/api/hooks/{id}/recent-logs',
    operationId: 'ListHookRecentLogs',
    tag,
    auth,
    summary: 'List what was delivered and what failed, newest first',
    params: byId,
    query: PageQuery.extend({
      logKey: z.string().optional(),
      start_time: z.string().optional(),
      end_time: z.string().optional(),
      enableCap: z.string().optional(),
    }),
    answers: { 200: z.array(HookLog) },
    paginated: true,
  }),
  /** Not Logto's: what failed for good can be delivered once more. */
  redeliverHookEvent: defineRoute({
    method: 'post',
    path: '/api/hooks/{id}/recent-logs/{logId}/redeliver',
    operationId: 'RedeliverHookEvent',
    tag,
    auth,
    summary: 'Deliver an event of the log once more',
    params: z.object({ id: z.string(), logId: z.string() }),
    answers: { 202: z.object({ id: z.string() }) },
  }),
}
