import { z } from 'zod'
import { JsonObject } from './common.ts'
import { defineRoute } from './route.ts'

export const ApplicationType = z.enum([
  'SPA',
  'Native',
  'Traditional',
  'MachineToMachine',
  'Protected',
  'SAML',
])

/** Schemes that run script or read files in a browser: never a place to send a user to. */
const DANGEROUS = /^(?:javascript|data|vbscript|file|filesystem|blob|about|view-source):/i

/** Longer addresses are none that browsers and servers take; what is checked below takes longer than in proportion. */
const LONGEST_URI = 2048

const GENERAL = 'must be an absolute http(s) address or an app scheme such as com.example.app://callback'

/** What is wrong with an address that users are to be sent to; undefined when nothing is. */
function problemOf(value: string): string | undefined {
  if (value.length > LONGEST_URI) return GENERAL
  if (DANGEROUS.test(value) || /[?#].*\*/.test(value) || /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i.test(value))
    return GENERAL
  if (/^https?:/i.test(value)) {
    const isRight =
      /^https?:\/\//i.test(value) &&
      !/^https?:\/\/(?:\*(?:[/:]|$)|[^/]*\*[^/]*@)/i.test(value) &&
      URL.canParse(value.replaceAll('*', 'x'))
    return isRight ? undefined : GENERAL
  }
  const [, scheme = ''] = /^([a-z][\d+._a-z-]*):/i.exec(value) ?? []
  // Systems take it, but no URL has it, so no request could ever name the address.
  if (scheme.includes('_'))
    return `"${scheme}" is no scheme, for schemes have no underscore: take ${scheme.replaceAll('_', '-')} or ${scheme.replaceAll('_', '')}, in the app too`
  return scheme !== '' && URL.canParse(value) ? undefined : GENERAL
}

const uri = (problem: (value: string) => string | undefined) =>
  z.string().superRefine((value, context) => {
    const message = problem(value)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })

/** Where users come back to after signing in. */
export const RedirectUri = uri(
  value =>
    problemOf(value) ??
    (value.includes('#')
      ? 'must have no fragment, so nothing from the # on: OAuth forbids it in redirect addresses'
      : undefined),
)

/** Where users come to after signing out: pages may name a place in them. */
export const PostLogoutRedirectUri = uri(problemOf)

/** Where an application's server hears that somebody signed out: an address that can be asked. */
export const BackchannelLogoutUri = uri(value => {
  if (value.length > LONGEST_URI || !/^https?:\/\//i.test(value) || !URL.canParse(value))
    return 'must be an http(s) address such as https://example.com/backchannel-logout'
  const { username, password } = new URL(value)
  if (username || password) return 'must hold no user name or password: logout tokens are signed'
  if (value.includes('#')) return 'must have no fragment, so nothing from the # on: OpenID Connect forbids it'
  return undefined
})

/** What ID tokens can be signed with. */
export const IdTokenAlgorithm = z.enum(['ES384', 'RS256'])
export type IdTokenAlgorithm = z.output<typeof IdTokenAlgorithm>

export const OidcClientMetadata = z.object({
  redirectUris: z.array(RedirectUri),
  postLogoutRedirectUris: z.array(PostLogoutRedirectUri),
  backchannelLogoutUri: BackchannelLogoutUri.optional(),
  backchannelLogoutSessionRequired: z.boolean().optional(),
  logoUri: z.string().optional(),
  /** As the installation has it when missing. */
  idTokenSignedResponseAlg: IdTokenAlgorithm.optional(),
})

export const CustomClientMetadata = z.object({
  corsAllowedOrigins: z.array(z.string().min(1)).optional(),
  idTokenTtl: z.number().optional(),
  refreshTokenTtl: z.number().optional(),
  refreshTokenTtlInDays: z.int().min(1).max(180).optional(),
  tenantId: z.string().optional(),
  alwaysIssueRefreshToken: z.boolean().optional(),
  rotateRefreshToken: z.boolean().optional(),
  allowTokenExchange: z.boolean().optional(),
  isDeviceFlow: z.boolean().optional(),
  maxAllowedGrants: z.int().min(1).optional(),
})

export const Application = z.object({
  tenantId: z.string(),
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  type: ApplicationType,
  oidcClientMetadata: OidcClientMetadata,
  customClientMetadata: CustomClientMetadata,
  protectedAppMetadata: z.null(),
  customData: JsonObject,
  isThirdParty: z.boolean(),
  appLevelAccessControlEnabled: z.boolean(),
  createdAt: z.number(),
  /** Told of one application alone. */
  isAdmin: z.boolean().optional(),
  /** `N/A` for those that every installation has; the secrets of the others have names. */
  secret: z.string().optional(),
})
export type Application = z.output<typeof Application>

export const ApplicationSecret = z.object({
  tenantId: z.string(),
  applicationId: z.string(),
  name: z.string(),
  value: z.string(),
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
})
export type ApplicationSecret = z.output<typeof ApplicationSecret>

const changeable = {
  description: z.string().nullable().optional(),
  oidcClientMetadata: OidcClientMetadata.optional(),
  customClientMetadata: CustomClientMetadata.optional(),
  customData: JsonObject.optional(),
}

const tag = 'Applications'
const auth = 'management'
const byId = z.object({ id: z.string() })
const bySecret = z.object({ id: z.string(), name: z.string() })

export const applicationRoutes = {
  listApplications: defineRoute({
    method: 'get',
    path: '/api/applications',
    operationId: 'ListApplications',
    tag,
    auth,
    summary: 'List the applications, newest first',
    query: z.looseObject({
      page: z.string().optional(),
      page_size: z.string().optional(),
      types: z.union([ApplicationType, z.array(ApplicationType)]).optional(),
      isThirdParty: z.string().optional(),
      /** Leave out who has this role. */
      excludeRoleId: z.string().optional(),
      /** There are no organizations, so it leaves nobody out. */
      excludeOrganizationId: z.string().optional(),
      search: z.union([z.string(), z.array(z.string())]).optional(),
      mode: z.string().optional(),
      joint: z.string().optional(),
      isCaseSensitive: z.string().optional(),
    }),
    answers: { 200: z.array(Application) },
    paginated: true,
  }),
  createApplication: defineRoute({
    method: 'post',
    path: '/api/applications',
    operationId: 'CreateApplication',
    tag,
    auth,
    summary: 'Register an application',
    body: z.object({
      name: z.string().min(1).max(256),
      type: ApplicationType,
      isThirdParty: z.boolean().optional(),
      ...changeable,
    }),
    answers: { 200: Application },
  }),
  getApplication: defineRoute({
    method: 'get',
    path: '/api/applications/{id}',
    operationId: 'GetApplication',
    tag,
    auth,
    summary: 'Read an application',
    params: byId,
    answers: { 200: Application },
  }),
  updateApplication: defineRoute({
    method: 'patch',
    path: '/api/applications/{id}',
    operationId: 'UpdateApplication',
    tag,
    auth,
    summary: 'Change an application',
    params: byId,
    body: z.object({
      name: z.string().min(1).max(256).optional(),
      isAdmin: z.boolean().optional(),
      ...changeable,
    }),
    answers: { 200: Application },
  }),
  deleteApplication: defineRoute({
    method: 'delete',
    path: '/api/applications/{id}',
    operationId: 'DeleteApplication',
    tag,
    auth,
    summary: 'Delete an application',
    params: byId,
    answers: { 204: null },
  }),
  listApplicationSecrets: defineRoute({
    method: 'get',
    path: '/api/applications/{id}/secrets',
    operationId: 'ListApplicationSecrets',
    tag,
    auth,
    summary: 'List the secrets of an application',
    params: byId,
    answers: { 200: z.array(ApplicationSecret) },
  }),
  createApplicationSecret: defineRoute({
    method: 'post',
    path: '/api/applications/{id}/secrets',
    operationId: 'CreateApplicationSecret',
    tag,
    auth,
    summary: 'Make a further secret for an application',
    params: byId,
    body: z.object({
      name: z.string().min(1).max(256),
      expiresAt: z.int('must be a moment in milliseconds since 1970').nullable().optional(),
    }),
    answers: { 201: ApplicationSecret },
  }),
  deleteApplicationSecret: defineRoute({
    method: 'delete',
    path: '/api/applications/{id}/secrets/{name}',
    operationId: 'DeleteApplicationSecret',
    tag,
    auth,
    summary: 'Delete a secret of an application',
    params: bySecret,
    answers: { 204: null },
  }),
  renameApplicationSecret: defineRoute({
    method: 'patch',
    path: '/api/applications/{id}/secrets/{name}',
    operationId: 'UpdateApplicationSecret',
    tag,
    auth,
    summary: 'Give a secret of an application another name',
    params: bySecret,
    body: z.object({ name: z.string().min(1).max(256) }),
    answers: { 200: ApplicationSecret },
  }),
  deleteLegacyApplicationSecret: defineRoute({
    method: 'delete',
    path: '/api/applications/{id}/legacy-secret',
    operationId: 'DeleteApplicationLegacySecret',
    tag,
    auth,
    summary: 'Delete the secret of an application that was made before secrets had names; none here was',
    params: byId,
    answers: { 204: null },
  }),
  updateApplicationCustomData: defineRoute({
    method: 'patch',
    path: '/api/applications/{applicationId}/custom-data',
    operationId: 'UpdateApplicationCustomData',
    tag,
    auth,
    summary: 'Change members of what is kept with an application',
    params: z.object({ applicationId: z.string() }),
    body: JsonObject,
    answers: { 200: JsonObject },
  }),
}
