import { z } from 'zod'
import { JsonObject, LocalizedText, Phone } from './common.ts'
import { Email } from './email.ts'
import { defineRoute } from './route.ts'

/** Logto's form item. */
export const FormItem = z.object({
  type: z.enum(['Text', 'Number', 'MultilineText', 'Switch', 'Select', 'MultiSelect', 'Json']),
  key: z.string(),
  label: z.string(),
  placeholder: z.string().optional(),
  description: z.string().optional(),
  tooltip: z.string().optional(),
  required: z.boolean().optional(),
  isConfidential: z.boolean().optional(),
  isDevFeature: z.boolean().optional(),
  defaultValue: z.unknown().optional(),
  showConditions: z
    .array(z.object({ targetKey: z.string(), expectValue: z.unknown().optional() }))
    .optional(),
  /** The title is absent for `MultiSelect`. */
  selectItems: z.array(z.object({ value: z.string(), title: z.string().optional() })).optional(),
})
export type FormItem = z.output<typeof FormItem>

const factoryShape = {
  type: z.enum(['Email', 'Sms', 'Social']),
  target: z.string(),
  name: LocalizedText,
  description: LocalizedText,
  logo: z.string(),
  logoDark: z.string().nullable(),
  readme: z.string(),
  configTemplate: z.string().optional(),
  formItems: z.array(FormItem).optional(),
  customData: JsonObject.optional(),
  fromEmail: z.string().optional(),
  platform: z.null(),
}

/** What Logto calls a connector factory: the code that can talk to one provider. */
export const ConnectorFactory = z.object({ id: z.string(), isDemo: z.boolean(), ...factoryShape })
export type ConnectorFactory = z.output<typeof ConnectorFactory>

/** What Logto calls a connector: a connection that an operator saved. */
export const Connector = z.object({
  id: z.string(),
  connectorId: z.string(),
  ...factoryShape,
  config: JsonObject,
  metadata: JsonObject,
  syncProfile: z.boolean(),
  enableTokenStorage: z.boolean(),
  isDemo: z.boolean(),
  extraInfo: JsonObject,
})
export type Connector = z.output<typeof Connector>

export const ConnectorMetadata = z.object({
  target: z.string().optional(),
  name: LocalizedText.optional(),
  logo: z.string().optional(),
  logoDark: z.string().nullable().optional(),
})

const tag = 'Connectors'
const auth = 'management'
const byId = z.object({ id: z.string() })
const byFactory = z.object({ factoryId: z.string() })

export const connectorRoutes = {
  listConnectors: defineRoute({
    method: 'get',
    path: '/api/connectors',
    operationId: 'ListConnectors',
    tag,
    auth,
    summary: 'List the connections',
    query: z.object({ target: z.string().optional() }),
    answers: { 200: z.array(Connector) },
  }),
  createConnector: defineRoute({
    method: 'post',
    path: '/api/connectors',
    operationId: 'CreateConnector',
    tag,
    auth,
    summary:
      'Save a connection and switch it on; an earlier one of its type is switched off and kept (GET /api/connections)',
    body: z.object({
      connectorId: z.string().min(1).max(128),
      config: JsonObject.optional(),
      metadata: ConnectorMetadata.optional(),
      syncProfile: z.boolean().optional(),
      enableTokenStorage: z.boolean().optional(),
      id: z.string().min(1).max(128).optional(),
    }),
    answers: { 200: Connector },
  }),
  getConnector: defineRoute({
    method: 'get',
    path: '/api/connectors/{id}',
    operationId: 'GetConnector',
    tag,
    auth,
    summary: 'Read a connection',
    params: byId,
    answers: { 200: Connector },
  }),
  updateConnector: defineRoute({
    method: 'patch',
    path: '/api/connectors/{id}',
    operationId: 'UpdateConnector',
    tag,
    auth,
    summary: 'Change a connection; its configuration is replaced as a whole',
    params: byId,
    body: z.object({
      config: JsonObject.optional(),
      metadata: ConnectorMetadata.optional(),
      syncProfile: z.boolean().optional(),
      enableTokenStorage: z.boolean().optional(),
    }),
    answers: { 200: Connector },
  }),
  deleteConnector: defineRoute({
    method: 'delete',
    path: '/api/connectors/{id}',
    operationId: 'DeleteConnector',
    tag,
    auth,
    summary: 'Delete a connection',
    params: byId,
    answers: { 204: null },
  }),
  testConnector: defineRoute({
    method: 'post',
    path: '/api/connectors/{factoryId}/test',
    operationId: 'CreateConnectorTest',
    tag,
    auth,
    summary: 'Send a test message with a configuration that is not saved',
    params: byFactory,
    body: z.object({
      phone: Phone.optional(),
      email: Email.optional(),
      config: JsonObject,
      locale: z.string().optional(),
    }),
    answers: { 204: null },
  }),
  listConnectorFactories: defineRoute({
    method: 'get',
    path: '/api/connector-factories',
    operationId: 'ListConnectorFactories',
    tag: 'Connector factories',
    auth,
    summary: 'List the connectors that connections can be made with',
    answers: { 200: z.array(ConnectorFactory) },
  }),
  getConnectorFactory: defineRoute({
    method: 'get',
    path: '/api/connector-factories/{id}',
    operationId: 'GetConnectorFactory',
    tag: 'Connector factories',
    auth,
    summary: 'Read a connector factory',
    params: byId,
    answers: { 200: ConnectorFactory },
  }),
}
