import type { AddressInfo } from 'node:net'
import express from 'express'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'

/** An API that applications call with the access tokens of their users. */
export interface OrdersApi {
  endpoint: string
  close(): Promise<void>
}

/**
 * Starts a resource server as its developer would write one: it knows the issuer by its address, takes pages of
 * every origin, and asks for a scope where money is at stake.
 *
 * @param audience the indicator under which it is registered
 */
export async function startOrdersApi(issuer: string, audience: string): Promise<OrdersApi> {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`))
  const app = express()
  app.use((request, response, next) => {
    response.set({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'authorization' })
    if (request.method === 'OPTIONS') response.sendStatus(204)
    else next()
  })
  app.use(async (request, response, next) => {
    const [, token = ''] = (request.headers.authorization ?? '').split(' ')
    try {
      const { payload, protectedHeader } = await jwtVerify<{ scope: string; client_id: string }>(
        token,
        keys,
        {
          issuer,
          audience,
          algorithms: ['ES384'],
          typ: 'at+jwt',
          requiredClaims: ['sub', 'exp', 'scope', 'client_id'],
        },
      )
      response.locals.token = { ...payload, alg: protectedHeader.alg }
      next()
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
      response.status(401).json({ error: error.code })
    }
  })
  app.get('/orders', (_request, response) => {
    response.json(response.locals.token)
  })
  app.get('/refunds', (_request, response) => {
    const scopes: string[] = response.locals.token.scope.split(' ')
    if (scopes.includes('refund:orders')) response.json([])
    else response.status(403).json({ error: 'insufficient_scope' })
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
