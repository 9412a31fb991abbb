import type { StoredApplication } from './store.ts'

const isOfTheWeb = (address: string) =>
  /^https?:/i.test(address) && !address.includes('*') && URL.canParse(address)

/**
 * Where people enter an application in a browser: the page to which it lets them come after they signed out, else the
 * site to which they come back signed in. Undefined for native apps.
 *
 * @example entranceOf(application) // 'https://app.example.com/'
 */
export function entranceOf({
  oidcClientMetadata: { postLogoutRedirectUris, redirectUris },
}: Pick<StoredApplication, 'oidcClientMetadata'>): string | undefined {
  const page = postLogoutRedirectUris.find(isOfTheWeb)
  const callback = redirectUris.find(isOfTheWeb)
  return page ?? (callback === undefined ? undefined : new URL('/', callback).href)
}
