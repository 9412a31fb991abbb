import { serve } from '@hono/node-server'
import { createDemoApp } from './demo-app.ts'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, INBOX_URL } = process.env
const port = Number(process.env.PORT || 3004)
const baseUrl = process.env.BASE_URL || `http://localhost:${port}`

if (!ISSUER || !CLIENT_ID) {
  console.error(`The demo application needs ISSUER and CLIENT_ID.

  ISSUER         the sign-in service, such as http://localhost:3001/oidc
  CLIENT_ID      the application's id there
  CLIENT_SECRET  its secret; leave out for a single-page or native application
  PORT           where to listen (3004)
  BASE_URL       this application's address as browsers see it (http://localhost:PORT)
  INBOX_URL      where messages can be read, for a link

Register BASE_URL/callback as redirect URI and BASE_URL as post sign-out redirect URI.`)
  process.exit(2)
}

const app = createDemoApp({
  issuer: ISSUER,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET || undefined,
  baseUrl,
  inboxUrl: INBOX_URL || undefined,
})

serve({ fetch: app.fetch, port, hostname: process.env.HOST || '127.0.0.1' }, () => {
  console.log(`Demo application: ${baseUrl}`)
})
