import { expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'

async function ask(endpoint: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${endpoint}/api/status`, { headers })
  return [answer.status, await answer.text(), answer.headers.get('logto-tenant-id')]
}

test('the status tells who knows the key whose server it is, and everybody that it is there', async () => {
  const { endpoint } = await launch({ STATUS_API_KEY: 'a-key-of-ours' })
  expect(await ask(endpoint)).toEqual([204, '', null])
  expect(await ask(endpoint, { 'logto-status-api-key': 'another-key!!' })).toEqual([204, '', null])
  expect(await ask(endpoint, { 'logto-status-api-key': 'a-key-of-ours' })).toEqual([204, '', 'default'])
})

test('without a key nobody is told', async () => {
  const { endpoint } = await launch()
  expect(await ask(endpoint, { 'logto-status-api-key': '' })).toEqual([204, '', null])
})
