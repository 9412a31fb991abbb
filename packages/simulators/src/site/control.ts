import { type Context, Hono } from 'hono'
import { type Control, Refused } from '../control.ts'
import { wentTo } from '../inbox/filter.ts'
import type { Inbox } from '../inbox/inbox.ts'
import { readFault } from './fault-input.ts'
import { BadInput, readAdvance, readBalance, readCallback, readReceipts, readSwitch } from './input.ts'

/** The control API, to be mounted at `/control`. Every change answers the new state. */
export function controlRoutes(control: Control, inbox: Inbox): Hono {
  const app = new Hono()
  app.get('/', c => c.json(control.state()))
  app.put('/fault', async c => {
    control.setFault(readFault(await readJson(c)))
    return c.json(control.state())
  })
  app.delete('/fault', c => {
    control.setFault(null)
    return c.json(control.state())
  })
  app.put('/frequency', async c => {
    control.setFrequencyControl(readSwitch(await readJson(c)))
    return c.json(control.state())
  })
  app.put('/balance', async c => {
    const { account, messages } = readBalance(await readJson(c))
    control.setBalance(account, messages)
    return c.json(control.state())
  })
  app.put('/callback', async c => {
    const { cloud, callback } = readCallback(await readJson(c))
    control.setCallback(cloud, callback)
    return c.json(control.state())
  })
  app.put('/receipts', async c => {
    control.setReceipts(readReceipts(await readJson(c)))
    return c.json(control.state())
  })
  app.get('/receipts', c => {
    const to = c.req.query('to')
    return c.json(control.receipts().filter(receipt => to === undefined || wentTo(receipt, to)))
  })
  app.post('/tick', async c => {
    await control.tick()
    return c.json(control.receipts())
  })
  app.post('/advance', async c => {
    await control.advance(readAdvance(await readJson(c)))
    return c.json(control.receipts())
  })
  app.post('/reset', c => {
    control.reset()
    return c.json(control.state())
  })
  app.get('/messages', c => {
    const to = c.req.query('to')
    const after = Number(c.req.query('after')) || 0
    const wanted = inbox
      .messages()
      .filter(message => Number(message.id) > after && (to === undefined || wentTo(message, to)))
    return c.json(wanted)
  })
  app.delete('/messages', c => {
    inbox.clear()
    return c.json(control.state())
  })
  app.get('/requests', c => c.json(control.requests()))
  app.onError((error, c) => {
    if (error instanceof Refused) return c.json({ error: error.message }, 400)
    throw error
  })
  return app
}

async function readJson(c: Context): Promise<unknown> {
  try {
    return await c.req.json()
  } catch {
    throw new BadInput('The body is not JSON.')
  }
}
