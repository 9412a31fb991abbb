import { sampleSettings } from '@countersign/simulators'
import { type Browser, createBrowser } from '../packages/cli/src/browser.ts'
import { CLOUDS, type Cloud, enable } from '../packages/cli/src/cloud.ts'
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

/** What the first operator is called, and signs in with. */
export const FIRST_OPERATOR = { name: 'Wen', password: 'anemone-quartz' }

/** Starts an installation of its own, with settings by their names in the environment, and sets it up by API. */
export async function startReady(settings: Record<string, string> = {}): Promise<Ready> {
  const installation = await newInstallation(settings)
  // Making the tables is most of a first start on SQLite, and tests of the migrations look at that.
  if (!settings.DATABASE_URL) copySqlite(installation.dataDir)
  const product = await startProduct(installation)
  const management = await createManagement(product)
  await useCloud(management, 'aliyun-sms')
  await useCloud(management, 'aliyun-dm')
  // Tests sign the same people in again and again.
  await endPause(management)
  return {
    product,
    management,
    inbox: createInboxReader(product.inboxUrl),
    application: await registerApplication(management),
  }
}

/** From now on messages go over a simulated cloud, in place of any other of its kind, and users come in by their codes. */
export async function useCloud(management: Management, id: Cloud['id']): Promise<void> {
  const { factoryId, kind } = CLOUDS.find(cloud => cloud.id === id)!
  const { status, body } = await management('POST', '/api/connectors', {
    connectorId: factoryId,
    config: sampleSettings[id],
  })
  if (status !== 200) throw new Error(`${factoryId} is refused: ${status} ${JSON.stringify(body)}`)
  await enable(management, kind)
}

/** From now on nobody waits between two codes. */
export async function endPause(management: Management): Promise<void> {
  const policy = { verificationCodePolicy: { resendInterval: 0 } }
  const { status, body } = await management('PATCH', '/api/sign-in-exp', policy)
  if (status !== 200) throw new Error(`The policy is refused: ${status} ${JSON.stringify(body)}`)
}

/**
 * Makes the first operator by the link that a server has printed. Of several servers of one database, which have started at
 * once, the link that was printed last counts: each start prints another, in place of the one before.
 *
 * @returns the operator's browser, whose session every server knows
 */
export async function firstOperator(
  servers: readonly Pick<Product, 'consoleUrl' | 'firstLink'>[],
): Promise<Browser> {
  const refused: string[] = []
  for (const { consoleUrl, firstLink } of servers) {
    if (firstLink === undefined) continue
    const browser = createBrowser()
    const created = await browser.request(`${consoleUrl}/api/console/first-operator`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: new URL(firstLink).hash.slice('#token='.length), ...FIRST_OPERATOR }),
    })
    if (created.ok) return browser
    refused.push(`${created.status} ${await created.text()}`)
  }
  throw new Error(`No first operator: ${refused.join(', ') || 'no server has printed a link'}`)
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
