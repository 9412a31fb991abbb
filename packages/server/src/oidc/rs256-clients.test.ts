import type { AddressInfo } from 'node:net'
import express from 'express'
import { auth } from 'express-openid-connect'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../db/database.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'

/** A library that takes RS256 and nothing else, unless it is told. */
describe('express-openid-connect with the algorithm that it expects', () => {
  let server: TestProvider
  let close: () => Promise<void>

  beforeEach(async () => {
    const db = await openDatabase('sqlite::memory:', '')
    server = await startProvider(db)
    await server.users.create({ username: 'alice' })
    close = async () => {
      await server.close()
      await db.destroy()
    }
  })
  afterEach(() => close())

  /** Signs alice in to a shop of its own; returns what the shop says to her. */
  async function visit(idTokenSignedResponseAlg?: 'RS256'): Promise<string> {
    const app = express()
    const listening = app.listen(0, '127.0.0.1')
    await new Promise(resolve => listening.once('listening', resolve))
    const origin = `http://localhost:${(listening.address() as AddressInfo).port}`
    const { id } = await server.applications.create({
      name: 'Shop',
      type: 'Traditional',
      oidcClientMetadata: {
        redirectUris: [`${origin}/callback`],
        postLogoutRedirectUris: [],
        ...(idTokenSignedResponseAlg && { idTokenSignedResponseAlg }),
      },
    })
    app.use(
      auth({
        issuerBaseURL: server.oidc.issuer,
        baseURL: origin,
        clientID: id,
        clientSecret: (await server.applications.secrets(id))[0]!.value,
        secret: 'a long and secret text of the shop',
        authorizationParams: { response_type: 'code', scope: 'openid profile' },
      }),
    )
    app.get('/', ({ oidc }, response) => void response.send(`Hello ${oidc.user?.username}`))
    app.use((error: Error, _request: unknown, response: express.Response, _next: unknown) => {
      response.status(500).send(error.message)
    })
    const browser = new Browser()
    const back = await browser.follow(origin, `${origin}/callback`)
    const answer = await browser.open(back.href)
    const told = answer.status === 302 ? await browser.open(`${origin}/`) : answer
    const text = await told.text()
    listening.closeAllConnections()
    await new Promise(resolve => listening.close(resolve))
    return text
  }

  it('signs in where its application chose RS256', async () => {
    expect(await visit('RS256')).toBe('Hello alice')
  })

  it('signs in where the installation chose RS256', async () => {
    await server.oidc.configs.rotate('private-keys', 'RSA', 0)
    server.pass(11_000)
    expect(await visit()).toBe('Hello alice')
  })

  it('refuses ES384, so that these tests say something', async () => {
    expect(await visit()).toBe('invalid response encountered')
  })
})
