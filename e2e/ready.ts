import { sampleSettings } from '@countersign/simulators'
import { CLOUDS, enable } from '../packages/cli/src/cloud.ts'
import { createInboxReader, type InboxReader } from '../packages/cli/src/inbox.ts'
import { createManagement, type Management } from '../packages/cli/src/management.ts'
import {
  newInstallation,
  type Product,
  removeInstallation,
  startProduct,
} from '../packages/cli/src/product.ts'
import type { RegisteredApplication } from '../packages/cli/src/visitor.ts'
import { copySqlite } from '../packages/server/src/db/testing-templates.ts'

const REDIRECT_URI = 'http://localhost:9/callback'
const POST_SIGN_OUT_URI = 'http://localhost:9/goodbye'

/**
 * A running product where users come in by phone or e-mail and need not wait between two codes, and one application is
 * registered.
 */
export interface Ready {
  product: Product
  management: Management
  inbox: InboxReader
  application: RegisteredApplication
}

/** The clouds whose connectors are in use at first. */
const USED: readonly string[] = ['aliyun-sms', 'aliyun-dm']

/** Starts an installation of its own, with settings by their names in the environment, and sets it up by API. */
export async function startReady(settings: Record<string, string> = {}): Promise<Ready> {
  const installation = await newInstallation(settings)
  // Making the tables is most of a first start on SQLite, and tests of the migrations look at that.
  if (!settings.DATABASE_URL) copySqlite(installation.dataDir)
  const product = await startProduct(installation)
  const management = await createManagement(product)
  for (const { id, factoryId, kind } of CLOUDS.filter(({ id }) => USED.includes(id))) {
    const saved = await management('POST', '/api/connectors', {
      connectorId: factoryId,
      config: sampleSettings[id],
    })
    if (saved.status !== 200) throw new Error(`${factoryId} is refused: ${JSON.stringify(saved.body)}`)
    await enable(management, kind)
  }
  // Tests sign the same people in again and again.
  const changed = await management('PATCH', '/api/sign-in-exp', {
    verificationCodePolicy: { resendInterval: 0 },
  })
  if (changed.status !== 200) throw new Error(`The policy is refused: ${JSON.stringify(changed.body)}`)
  return {
    product,
    management,
    inbox: createInboxReader(product.inboxUrl),
    application: await registerApplication(management),
  }
}

/** Registers an application that keeps a secret. */
export async function registerApplication(
  management: Management,
  redirectUri = REDIRECT_URI,
  postSignOutUri = POST_SIGN_OUT_URI,
): Promise<RegisteredApplication> {
  const id = await register(management, 'Traditional', [redirectUri], postSignOutUri)
  const secrets = await management<{ value: string }[]>('GET', `/api/applications/${id}/secrets`)
  return { id, secret: secrets.body[0]!.value, redirectUri, postSignOutUri }
}

/** Registers an application that runs in the browser and keeps none. Returns its id. */
export const registerPage = (management: Management, redirectUris: string[], postSignOutUri: string) =>
  register(management, 'SPA', redirectUris, postSignOutUri)

async function register(
  management: Management,
  type: 'Traditional' | 'SPA',
  redirectUris: string[],
  postSignOutUri: string,
): Promise<string> {
  const { status, body } = await management('POST', '/api/applications', {
    name: 'Shop',
    type,
    oidcClientMetadata: { redirectUris, postLogoutRedirectUris: [postSignOutUri] },
  })
  if (status !== 200) throw new Error(`The application is refused: ${JSON.stringify(body)}`)
  return String(body.id)
}

/** Registers an API with scopes, under the indicator that its tokens are for. */
export async function registerResource(
  management: Management,
  indicator: string,
  scopes: string[],
): Promise<void> {
  const { status, body } = await management('POST', '/api/resources', { name: 'Orders', indicator })
  if (status !== 201) throw new Error(`The resource is refused: ${JSON.stringify(body)}`)
  for (const name of scopes) await management('POST', `/api/resources/${body.id}/scopes`, { name })
}

/** Stops a product and deletes what it has stored. */
export async function discard(product: Product | undefined): Promise<void> {
  if (!product) return
  await product.stop()
  await removeInstallation(product.installation)
}
