import type { Applications } from '../applications/applications.ts'
import { builtInApplication } from '../applications/built-in.ts'

/** The pages of this server that built-in clients come back to. */
const PAGES: Record<string, string> = { 'demo-app': '/demo-app', 'account-center': '/account' }

/** Finds a client: an application that somebody made, or one that every installation has. */
export type ClientById = Applications['byId']

/** Lets built-in clients be found beside the applications, with their pages at this server's public address. */
export const findingBuiltIn =
  ({ byId }: Pick<Applications, 'byId'>, endpoint: string): ClientById =>
  async id => {
    const stored = await byId(id)
    const found = stored ?? (Object.hasOwn(PAGES, id) ? builtInApplication(id) : undefined)
    if (stored || !found) return stored
    const address = endpoint + PAGES[id]
    return { ...found, oidcClientMetadata: { redirectUris: [address], postLogoutRedirectUris: [address] } }
  }
