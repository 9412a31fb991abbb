import { consoleRoutes, Email } from '@countersign/api'
import { GUIDE_LANGUAGES, guideOf, lintWith } from '@countersign/connectors'
import { factoryIdOf } from '@countersign/connectors/logto'
import { type Connector, describeSettings, REQUIRED_USAGE_TYPES, settingsSchema } from '@countersign/kit'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { z } from 'zod'
import type { Connections } from '../connections/connections.ts'
import { TEST_CODE, TEST_MINUTES } from '../connections/routes.ts'
import type { TryOuts } from '../connections/try-out.ts'
import { logoAddress } from '../connections/wire.ts'
import { codePolicy, type Experience } from '../experience/experience.ts'
import type { Guard, Mount } from '../http/mount.ts'
import { requireOwnOrigin } from '../http/own-origin.ts'
import { normalizePhone } from '../identifiers/phone.ts'
import { type Recipient, readRecipient } from '../identifiers/recipient.ts'
import type { Operator, Operators } from '../operators/operators.ts'
import { isPlugin } from '../plugins/plugin.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { TestIdentities } from '../test-identities/test-identities.ts'

/** Where this installation is reached and which world it lives in. */
export interface Surroundings {
  clouds: 'simulated' | 'real'
  endpoint: string
  adminEndpoint: string
  issuer: string
  inboxUrl: string | null
  demoUrl: string | null
  version: string
  /** Configurations that the simulators accept, by connector; only in the development world. */
  samples: Readonly<Record<string, Record<string, unknown>>>
}

/**
 * The name of an operator's cookie. With HTTPS browsers take it from this very host alone, so that no page of a sister
 * domain signs an operator in as another one; the development console has no HTTPS.
 *
 * @example cookieName('countersign_operator', 'https://console.example.com') // '__Host-countersign_operator'
 */
export const cookieName = (name: string, adminEndpoint: string): string =>
  adminEndpoint.startsWith('https:') ? `__Host-${name}` : name

export const OPERATOR_COOKIE = 'countersign_operator'

/** Who a request's session cookie belongs to. */
async function operatorOf(
  context: Context,
  operators: Operators,
  adminEndpoint: string,
): Promise<Operator | undefined> {
  const token = getCookie(context, cookieName(OPERATOR_COOKIE, adminEndpoint))
  return token === undefined ? undefined : operators.bySession(token)
}

/**
 * Lets operators in. Unsafe requests must come from the console's own pages.
 *
 * @param note takes who it is, for the audit log
 */
export function operatorGuard(
  operators: Operators,
  adminEndpoint: string,
  note: (who: { operatorId: string; operatorName: string }) => void,
): Guard {
  return async context => {
    requireOwnOrigin(context, adminEndpoint, { setting: 'ADMIN_ENDPOINT' })
    const operator = await operatorOf(context, operators, adminEndpoint)
    if (!operator) throw new ApiError('auth.unauthorized')
    note({ operatorId: operator.id, operatorName: operator.name })
    return operator.id
  }
}

/** What only the console has: the catalog with guides, and test sends with the whole story. */
export function mountConsole(
  mount: Mount,
  deps: {
    operators: Operators
    connections: Connections
    tryOuts: TryOuts
    experience: Experience
    testIdentities: Pick<TestIdentities, 'summary'>
    around: Surroundings
  },
): void {
  const { operators, connections, tryOuts, experience, testIdentities, around } = deps
  const routes = consoleRoutes

  function connectorOf(id: string): Connector {
    const connector = connections.registry.byId(id)
    if (!connector) throw new ApiError('entity.not_found')
    return connector
  }

  mount
    .add(routes.getConsoleState, async (_, { http }) => {
      const operator = (await operatorOf(http, operators, around.adminEndpoint)) ?? null
      return {
        status: 200,
        body: {
          needsFirstOperator: !(await operators.any()),
          operator,
          clouds: around.clouds,
          endpoint: around.endpoint,
          issuer: around.issuer,
          inboxUrl: around.inboxUrl,
          demoUrl: around.demoUrl,
          version: around.version,
          testIdentities: operator && (await testIdentities.summary()),
        },
      }
    })
    .add(routes.listCatalog, async () => {
      const inUse = await connections.inUse()
      return {
        status: 200,
        body: connections.registry.all.map(connector =>
          entryOf(connector, inUse.find(one => one.connector === connector)?.id),
        ),
      }
    })
    .add(routes.sendTest, async ({ params, body }) => {
      const connector = connectorOf(params.id)
      const message = {
        recipient: recipientOf(connector, body.to),
        usageType: body.usageType ?? 'Generic',
        payload: { code: TEST_CODE, minutes: TEST_MINUTES, ...(body.locale && { locale: body.locale }) },
      }
      const result = await tryOuts.test(connector, body.config, message, body.template)
      return { status: 200, body: result }
    })
    .add(routes.lintConnection, async ({ params, body }) => {
      const connector = connectorOf(params.id)
      const settings = await experience.read()
      const { length: codeLength } = codePolicy(settings, connector)
      const { fallbackLanguage } = settings.languageInfo
      return { status: 200, body: lintWith(connector, body.config, { codeLength, fallbackLanguage }) }
    })
    .add(routes.checkConnection, async ({ params, body }) => ({
      status: 200,
      body: await tryOuts.check(connectorOf(params.id), body.config),
    }))

  function entryOf(connector: Connector, connectionId: string | undefined) {
    const sample = around.samples[connector.id]
    return {
      id: connector.id,
      factoryId: factoryIdOf(connector),
      channel: connector.channel,
      name: connector.name,
      description: connector.description,
      logo: logoAddress(connector),
      fields: describeSettings(connector.settings),
      requiredUsageTypes: [...REQUIRED_USAGE_TYPES],
      schema: z.toJSONSchema(settingsSchema(connector.settings), { io: 'input', unrepresentable: 'any' }),
      guides: isPlugin(connector)
        ? { en: connector.metadata.readme }
        : Object.fromEntries(GUIDE_LANGUAGES.map(language => [language, guideOf(connector.id, language)])),
      ...(isPlugin(connector) && { package: connector.package }),
      ...(sample && { sample }),
      feedback: connector.feedback?.needs ?? null,
      windows: connector.windows?.usual({}) ?? null,
      rates: [...(connector.prices?.({}).rates ?? [])],
      connectionId: connectionId ?? null,
    }
  }
}

/** Reads what an operator typed; forgiving about spaces and the plus. @throws ApiError naming the field `to` */
function recipientOf(connector: Connector, typed: string): Recipient {
  const wrong = (message: string) =>
    new ApiError('guard.invalid_input', {
      data: { issues: [{ code: 'custom', path: ['to'], message }], name: 'ZodError' },
      details: `Error in key path "to": (custom) ${message}`,
    })
  const value = typed.trim()
  if (connector.channel === 'email') {
    const email = Email.safeParse(value)
    if (!email.success) throw wrong(email.error.issues[0]!.message)
    return readRecipient({ type: 'email', value: email.data })
  }
  if (normalizePhone(value) === undefined)
    throw wrong('must be a phone number with its country code, such as +86 138 0013 8000')
  return readRecipient({ type: 'phone', value })
}
