import LogtoClient, { type LogtoConfig } from '@logto/browser'

/** Put in place of the name when the page is bundled. */
declare const CONFIG: LogtoConfig

declare global {
  /** What a test drives in the browser. */
  var logto: LogtoClient
}

globalThis.logto = new LogtoClient(CONFIG)
