import type { Application } from '@countersign/api'
import type { StoredApplication } from './store.ts'

const builtIn = (
  id: string,
  name: string,
  type: Application['type'],
  customClientMetadata: Application['customClientMetadata'] = {},
): StoredApplication => ({
  id,
  name,
  description: null,
  type,
  oidcClientMetadata: { redirectUris: [], postLogoutRedirectUris: [] },
  customClientMetadata,
  customData: {},
  isThirdParty: false,
  isAdmin: false,
  createdAt: 0,
})

const BUILT_IN: readonly StoredApplication[] = [
  builtIn('demo-app', 'Live Preview', 'SPA'),
  builtIn('account-center', 'Account Center', 'SPA'),
  builtIn('device-demo-app', 'Device Demo App', 'Native', { isDeviceFlow: true }),
]

/** An application that every installation has without anybody making it: found by its id, never listed. */
export const builtInApplication = (id: string): StoredApplication | undefined =>
  BUILT_IN.find(application => application.id === id)
