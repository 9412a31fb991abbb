import { createDemoApp } from '@countersign/demo-app'
import type { Fetch } from '@countersign/kit'
import {
  type Callback,
  type CloudId,
  createClouds,
  isAllowListed,
  isSimulated,
  sampleSettings,
} from '@countersign/simulators'
import type { App } from './app.ts'
import type { StoredApplication } from './applications/applications.ts'
import type { Config } from './config.ts'
import { forwardedFetch, simulatedFetch } from './outside.ts'

/** Where the simulated clouds' users live, and so where phone fields of a new development world begin. */
const DEFAULT_COUNTRY = 'CN'

/** Id of the demo application; fixed, so that a second start finds it again. */
const DEMO_ID = 'countersign-demo-app'

/** The simulated clouds: `fetch` reaches them, and `site` is their web site where they are in this process. */
interface Simulated {
  url: string
  fetch: Fetch
  site?(request: Request): Response | Promise<Response>
  /** Pushes delivery receipts to an application when they are due; its timer keeps nobody awake. */
  run?(app: Pick<App, 'connections' | 'receipts'>): void
}

function simulatedClouds({ simulatorsUrl, simulatorsPort }: Config, now: () => number): Simulated {
  if (simulatorsUrl)
    return {
      url: simulatorsUrl,
      fetch: forwardedFetch(simulatorsUrl, isSimulated),
    }
  let whereTo: ((cloud: CloudId) => Promise<Callback | undefined>) | undefined
  const clouds = createClouds({ now, callback: async cloud => whereTo?.(cloud) })
  return {
    url: `http://localhost:${simulatorsPort}`,
    fetch: simulatedFetch(clouds),
    site: clouds.site,
    run(app) {
      whereTo = cloud => receiptAddress(app, cloud)
      clouds.control.run()
    },
  }
}

/**
 * Where a simulated cloud pushes receipts to as long as its control API says nothing else: to the first connection over
 * it, as if an operator had typed the address into the cloud's console.
 *
 * @example await receiptAddress(app, 'aliyun-sms') // { url: 'http://localhost:3001/receipts/…' }
 */
export async function receiptAddress(
  { connections, receipts }: Pick<App, 'connections' | 'receipts'>,
  cloud: CloudId,
): Promise<Callback | undefined> {
  const first = (await connections.list()).find(({ connector }) => connector.id === cloud)
  if (!first) return undefined
  const { address } = await receipts.addressOf(first.id)
  const { eventToken: token } = (await connections.get(first.id)).config
  return address === null ? undefined : { url: address, ...(typeof token === 'string' && { token }) }
}

/** What the development world has beside the server: simulated clouds, their site, and the demo application. */
export function createDevelopment(config: Config, now: () => number) {
  const clouds = simulatedClouds(config, now)
  const inboxUrl = `${clouds.url}/inbox`
  const demoUrl = `http://localhost:${config.demoPort}`
  const demo = createDemoApp({
    issuer: `${config.endpoint}/oidc`,
    clientId: DEMO_ID,
    baseUrl: demoUrl,
    inboxUrl,
  })
  const application: StoredApplication = {
    id: DEMO_ID,
    name: 'Demo application',
    description: 'Comes with the development world',
    type: 'SPA',
    oidcClientMetadata: {
      redirectUris: [`${demoUrl}/callback`],
      postLogoutRedirectUris: [demoUrl, `${demoUrl}/`],
    },
    customClientMetadata: {},
    customData: {},
    isThirdParty: false,
    isAdmin: false,
    createdAt: now(),
  }
  return {
    clouds,
    demo,
    demoUrl,
    inboxUrl,
    samples: sampleSettings,
    isExempt: isAllowListed,
    application,
    defaultCountry: DEFAULT_COUNTRY,
  }
}
