import type { AddressInfo } from 'node:net'
import express from 'express'
import { auth, requiresAuth } from 'express-openid-connect'

/** A server-rendered application, signed in to by its middleware. */
export interface Shop {
  origin: string
  /** Mounts the middleware and what it protects. */
  protect(issuer: string, client: { id: string; secret: string }): void
  close(): Promise<void>
}

/** Starts an Express application that keeps its users in a session cookie, as the middleware's documents show. */
export async function startShop(): Promise<Shop> {
  const app = express()
  const server = app.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    origin,
    protect(issuer, { id, secret }) {
      app.use(
        auth({
          issuerBaseURL: issuer,
          baseURL: origin,
          clientID: id,
          clientSecret: secret,
          secret: 'a long and secret text of the shop',
          idTokenSigningAlg: 'ES384',
          idpLogout: true,
          authRequired: false,
          authorizationParams: {
            response_type: 'code',
            scope: 'openid profile phone offline_access',
            prompt: 'consent',
          },
        }),
      )
      app.get('/', ({ oidc }, response) => {
        response.send(oidc.isAuthenticated() ? `Hello ${oidc.user?.phone_number}` : 'Hello stranger')
      })
      app.get('/profile', requiresAuth(), async ({ oidc }, response) => {
        response.json({ claims: oidc.idTokenClaims, userinfo: await oidc.fetchUserInfo() })
      })
      app.get('/refresh', requiresAuth(), async ({ oidc }, response) => {
        const before = oidc.accessToken!
        const after = await before.refresh()
        response.json({
          changed: before.access_token !== after.access_token,
          ...(await oidc.fetchUserInfo()),
        })
      })
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
