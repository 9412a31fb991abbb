import { z } from 'zod'
import { JsonObject, Links, LocalizedText, UsageType } from './common.ts'
import { ConnectionWindows } from './connections.ts'
import { Rate } from './costs.ts'
import { TemplateDetails } from './email-templates.ts'
import { NewOperatorName, NewPassword, OperatorName } from './operators.ts'
import { defineRoute } from './route.ts'

/** One field of a connector's form; nested once for the rows of `templates`. */
const fieldShape = {
  kind: z.enum([
    'text',
    'secret',
    'choice',
    'switch',
    'multiline',
    'templates',
    'regional',
    'number',
    'json',
  ]),
  label: LocalizedText,
  help: LocalizedText.optional(),
  placeholder: z.string().optional(),
  required: z.boolean(),
  default: z.unknown().optional(),
  options: z.array(z.object({ value: z.string(), label: LocalizedText })).optional(),
  /** What is offered for a text; any other may be typed. A new row of a usage type begins with the one made for it. */
  suggestions: z
    .array(z.object({ value: z.string(), label: LocalizedText, usageTypes: z.array(UsageType).optional() }))
    .optional(),
  maxLength: z.number().optional(),
  /** Kept folded away: only few need it. */
  advanced: z.boolean().optional(),
}
export const FormField = z.object({
  key: z.string(),
  ...fieldShape,
  row: z.record(z.string(), z.object(fieldShape)).optional(),
})
export type FormField = z.output<typeof FormField>

/** A connector as the console shows it: card, form, guide, and the connection made with it, if any. */
export const CatalogEntry = z.object({
  /** `aliyun-sms`, `aliyun-pnvs`, `aliyun-dm`, `tencent-sms`. */
  id: z.string(),
  /** The id on the wire, e.g. `aliyun-short-message-service`. */
  factoryId: z.string(),
  channel: z.enum(['sms', 'email']),
  /** Name of the package it came out of, when it is none of ours. Such a one reaches the network by itself. */
  package: z.string().optional(),
  name: LocalizedText,
  description: LocalizedText,
  /** Data address of an image. */
  logo: z.string(),
  fields: z.array(FormField),
  requiredUsageTypes: z.array(UsageType),
  /** JSON schema of the configuration, for the JSON view. */
  schema: JsonObject,
  /** Language tag → Markdown. */
  guides: z.record(z.string(), z.string()),
  /** A configuration that the simulator accepts; only in the development world. */
  sample: JsonObject.optional(),
  /** What must be granted before the provider can be told whether codes were used; null where it cannot be told. */
  feedback: LocalizedText.nullable(),
  /** How many messages the provider takes for one mainland number by default; null where nobody knows. */
  windows: ConnectionWindows.omit({ exempt: true }).nullable(),
  /** What messages cost by what the provider publishes, for a configuration that says nothing. */
  rates: z.array(Rate),
  /** The saved connection's id, when this connector is in use. */
  connectionId: z.string().nullable(),
})
export type CatalogEntry = z.output<typeof CatalogEntry>

/** How a test send ended, for the operator's eyes. */
export const TestResult = z.discriminatedUnion('delivered', [
  z.object({
    delivered: z.literal(true),
    /** The provider's ids by its own names. */
    ids: z.record(z.string(), z.string()),
    /** Milliseconds. */
    took: z.number(),
  }),
  z.object({
    delivered: z.literal(false),
    failure: z.string(),
    providerCode: z.string().optional(),
    meaning: LocalizedText,
    remedy: LocalizedText,
    links: Links.optional(),
    /** Where the provider documents it. */
    source: z.string().optional(),
    /** True when the message may have gone out although no answer came. */
    maybeSent: z.boolean(),
    retryAfter: z.number().optional(),
    /** The provider's raw answer: status and body. */
    answer: z.object({ status: z.number().optional(), body: z.string().optional() }).optional(),
    took: z.number(),
  }),
])
export type TestResult = z.output<typeof TestResult>

/** Something in a configuration that the provider will refuse later, or that will surprise the operator. */
export const Finding = z.object({
  /** The member it is about. */
  path: z.array(z.union([z.string(), z.number()])),
  severity: z.enum(['warning', 'error']),
  code: z.string(),
  message: LocalizedText,
  remedy: LocalizedText,
  links: Links.optional(),
})
export type Finding = z.output<typeof Finding>

/** What the provider said about one thing that a connection needs. */
export const CheckItem = z.object({
  /** `keys`, `permission`, `account`, `sender`, `signature`, `template:` and its code. */
  subject: z.string(),
  state: z.enum(['approved', 'in_review', 'rejected', 'missing', 'unknown']),
  reason: LocalizedText.optional(),
  remedy: LocalizedText.optional(),
  links: Links.optional(),
})
export type CheckItem = z.output<typeof CheckItem>

/** What the console must know before anyone has signed in. */
export const ConsoleState = z.object({
  /** No operator exists yet: the one-time link from the terminal creates the first. */
  needsFirstOperator: z.boolean(),
  operator: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** `simulated`: messages stay on this machine. */
  clouds: z.enum(['simulated', 'real']),
  /** The public address, e.g. `http://localhost:3001`. */
  endpoint: z.string(),
  issuer: z.string(),
  inboxUrl: z.string().nullable(),
  demoUrl: z.string().nullable(),
  version: z.string(),
  /** Only for a signed-in operator: while one is active, whoever knows its code signs in as it. */
  testIdentities: z
    .object({
      /** The setting TEST_IDENTITIES. */
      enabled: z.boolean(),
      active: z.int(),
      /** When the first of the active ones ends; null without one. */
      nextEnd: z.number().nullable(),
    })
    .nullable(),
})
export type ConsoleState = z.output<typeof ConsoleState>

const tag = 'Console'

/** Only on the console's own port, only with an operator's session. */
export const consoleRoutes = {
  getConsoleState: defineRoute({
    method: 'get',
    path: '/api/console/state',
    operationId: 'GetConsoleState',
    tag,
    auth: 'none',
    summary: 'Read who is signed in and which world this is',
    answers: { 200: ConsoleState },
  }),
  createFirstOperator: defineRoute({
    method: 'post',
    path: '/api/console/first-operator',
    operationId: 'CreateFirstOperator',
    tag,
    auth: 'none',
    summary: 'Create the first operator with the one-time link, and sign in',
    body: z.object({ token: z.string().min(1).max(128), name: NewOperatorName, password: NewPassword }),
    answers: { 204: null },
  }),
  signInOperator: defineRoute({
    method: 'post',
    path: '/api/console/session',
    operationId: 'SignInOperator',
    tag,
    auth: 'none',
    summary: 'Sign an operator in',
    body: z.object({ name: OperatorName, password: z.string().min(1).max(256) }),
    answers: { 204: null },
  }),
  signOutOperator: defineRoute({
    method: 'delete',
    path: '/api/console/session',
    operationId: 'SignOutOperator',
    tag,
    auth: 'operator',
    summary: 'Sign the operator out',
    answers: { 204: null },
  }),
  listCatalog: defineRoute({
    method: 'get',
    path: '/api/console/catalog',
    operationId: 'ListCatalog',
    tag,
    auth: 'operator',
    summary: 'List the connectors with their forms and guides',
    answers: { 200: z.array(CatalogEntry) },
  }),
  sendTest: defineRoute({
    method: 'post',
    path: '/api/console/catalog/{id}/test',
    operationId: 'SendTest',
    tag,
    auth: 'operator',
    summary: 'Send a test with a configuration that is not saved, and tell the whole story',
    params: z.object({ id: z.string() }),
    body: z.object({
      to: z.string().min(1).max(256),
      config: JsonObject,
      usageType: UsageType.optional(),
      locale: z.string().optional(),
      /**
       * What an e-mail says: this, or with null what the configuration says. Without it, what it would say by the
       * operator's own templates.
       */
      template: TemplateDetails.nullable().optional(),
    }),
    answers: { 200: TestResult },
  }),
  lintConnection: defineRoute({
    method: 'post',
    path: '/api/console/catalog/{id}/lint',
    operationId: 'LintConnection',
    tag,
    auth: 'operator',
    changes: false,
    summary: 'Look at a configuration that is not saved, without asking the provider',
    params: z.object({ id: z.string() }),
    body: z.object({ config: JsonObject }),
    answers: { 200: z.array(Finding) },
  }),
  checkConnection: defineRoute({
    method: 'post',
    path: '/api/console/catalog/{id}/check',
    operationId: 'CheckConnection',
    tag,
    auth: 'operator',
    changes: false,
    summary: 'Ask the provider about a configuration that is not saved, without sending anything',
    params: z.object({ id: z.string() }),
    body: z.object({ config: JsonObject }),
    answers: { 200: z.array(CheckItem) },
  }),
}
