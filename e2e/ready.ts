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

const REDIRECT_URI = 'http://localhost:9/callback'
const POST_SIGN_OUT_URI = 'http://localhost:9/goodbye'

/** A running product where users come in by phone or e-mail, and one application is registered. */
export interface Ready {
  product: Product
  management: Management
  inbox: InboxReader
  application: RegisteredApplication
}

/** Starts an installation of its own, with settings by their names in the environment, and sets it up by API. */
export async function startReady(settings: Record<string, string> = {}): Promise<Ready> {
  const product = await startProduct(await newInstallation(settings))
  const management = await createManagement(product)
  for (const { id, factoryId, kind } of CLOUDS.slice(0, 2)) {
    const saved = await management('POST', '/api/connectors', {
      connectorId: factoryId,
      config: sampleSettings[id],
    })
    if (saved.status !== 200) throw new Error(`${factoryId} is refused: ${JSON.stringify(saved.body)}`)
    await enable(management, kind)
  }
  return {
    product,
    management,
    inbox: createInboxReader(product.inboxUrl),
    application: await registerApplication(management),
  }
}

/** Registers an application that keeps a secret. */
export async function registerApplication(management: Management): Promise<RegisteredApplication> {
  const { body } = await management('POST', '/api/applications', {
    name: 'Shop',
    type: 'Traditional',
    oidcClientMetadata: { redirectUris: [REDIRECT_URI], postLogoutRedirectUris: [POST_SIGN_OUT_URI] },
  })
  const secrets = await management<{ value: string }[]>('GET', `/api/applications/${body.id}/secrets`)
  return {
    id: String(body.id),
    secret: secrets.body[0]!.value,
    redirectUri: REDIRECT_URI,
    postSignOutUri: POST_SIGN_OUT_URI,
  }
}

/** Stops a product and deletes what it has stored. */
export async function discard(product: Product | undefined): Promise<void> {
  if (!product) return
  await product.stop()
  await removeInstallation(product.installation)
}
