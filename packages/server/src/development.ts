import { createDemoApp } from '@countersign/demo-app'
import { createClouds, sampleSettings } from '@countersign/simulators'
import type { StoredApplication } from './applications/applications.ts'
import type { Config } from './config.ts'

/** Where the simulated clouds' users live, and so where phone fields of a new development world begin. */
const DEFAULT_COUNTRY = 'CN'

/** Id of the demo application; fixed, so that a second start finds it again. */
const DEMO_ID = 'countersign-demo-app'

/** What the development world has beside the server: simulated clouds, their site, and the demo application. */
export function createDevelopment(config: Config, now: () => number) {
  const clouds = createClouds({ now })
  const demoUrl = `http://localhost:${config.demoPort}`
  const siteUrl = `http://localhost:${config.simulatorsPort}`
  const demo = createDemoApp({
    issuer: `${config.endpoint}/oidc`,
    clientId: DEMO_ID,
    baseUrl: demoUrl,
    inboxUrl: `${siteUrl}/inbox`,
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
    inboxUrl: `${siteUrl}/inbox`,
    samples: sampleSettings,
    application,
    defaultCountry: DEFAULT_COUNTRY,
  }
}
