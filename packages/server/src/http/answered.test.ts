import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { answered, tellWhenAnswered } from './answered.ts'

test('what a request began waits until its answer has left', async () => {
  const order: string[] = []
  const app = new Hono().use(tellWhenAnswered).get('/', async context => {
    void answered().then(() => order.push('after the answer'))
    await new Promise(resolve => setTimeout(resolve, 20))
    order.push('the answer is ready')
    return context.text('here')
  })
  const server = createServer(getRequestListener(app.fetch))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  expect(await answer.text()).toBe('here')
  await expect.poll(() => order).toEqual(['the answer is ready', 'after the answer'])

  order.length = 0
  await app.request('/')
  await expect.poll(() => order).toEqual(['the answer is ready', 'after the answer'])
})

test('outside a request there is nothing to wait for', async () => {
  await expect(answered()).resolves.toBeUndefined()
})
