import { expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'

test.each([
  '/oidc/.well-known/openid-configuration',
  '/oidc/.well-known/oauth-authorization-server',
  '/.well-known/oauth-authorization-server/oidc',
  '/.well-known/openid-configuration/oidc',
  '/.well-known/oauth-authorization-server/oidc/?fresh=1',
])('the provider describes itself at %s', async path => {
  const { endpoint } = await launch()
  const answer = await fetch(endpoint + path)
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  expect(await answer.json()).toMatchObject({
    issuer: `${endpoint}/oidc`,
    token_endpoint: `${endpoint}/oidc/token`,
  })
})

test.each(['/.well-known/oauth-authorization-server', '/.well-known/oauth-authorization-server/oidc/x'])(
  'nobody is described at %s',
  async path => {
    const { endpoint } = await launch()
    expect(await (await fetch(endpoint + path)).text()).not.toContain('token_endpoint')
  },
)
