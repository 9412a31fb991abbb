import { UserManager, type UserManagerSettings } from 'oidc-client-ts'

/** Put in place of the name when the page is bundled. */
declare const CONFIG: UserManagerSettings

declare global {
  /** What a test drives in the browser. */
  var users: UserManager
}

declare const location: { pathname: string }

globalThis.users = new UserManager(CONFIG)
// The frame of a silent renewal or the window of a sign-in, which hands its answer to the page that opened it.
if (['/silent', '/popup'].includes(location.pathname)) await users.signinCallback()
