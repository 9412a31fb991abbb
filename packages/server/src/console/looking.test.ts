import * as api from '@countersign/api'
import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'

/** Everything that is declared and only looks. */
const LOOKS: readonly api.Route[] = Object.entries(api)
  .filter(([name]) => name.endsWith('Routes'))
  .flatMap(([, routes]) => Object.values(routes as Record<string, api.Route>))
  .filter(({ auth }) => auth === 'none' || auth === 'management' || auth === 'operator')
  .filter(({ method, changes }) => method === 'get' || changes === false)

test('looking at anything in the console writes nothing into the audit log', async () => {
  const server = await launch()
  await server.connect('aliyun-sms')
  const user = (await (await server.manage('POST', '/api/users', { username: 'ada' })).json()) as {
    id: string
  }
  const bodies: Record<string, unknown> = {
    LintConnection: { config: sampleSettings['aliyun-sms'] },
    CheckConnection: { config: sampleSettings['aliyun-sms'] },
    CheckPasswordWithDefaultSignInExperience: { password: 'anemone-quartz', userId: user.id },
  }
  const call = await signInOperator(server.app)
  const entries = async () => Number((await call('GET', '/api/logs')).headers.get('total-number'))
  const before = await entries()

  const looked: string[] = []
  for (const { method, path, operationId } of LOOKS) {
    const address = path.replace('{userId}', user.id).replaceAll(/\{\w+\}/g, 'aliyun-sms')
    const { status } = await call(method.toUpperCase(), address, bodies[operationId])
    if (status < 300) looked.push(operationId)
    expect(await entries(), operationId).toBe(before)
  }
  expect(looked).toEqual(expect.arrayContaining(Object.keys(bodies)))
  expect(looked).toEqual(expect.arrayContaining(['ListCatalog', 'ListUsers', 'GetUser', 'ListConnectors']))
})

test('sending a test from the console is written down', async () => {
  const server = await launch()
  const call = await signInOperator(server.app)
  await call('POST', '/api/console/catalog/aliyun-sms/test', {
    to: '+86 138 0013 8000',
    config: sampleSettings['aliyun-sms'],
  })
  const logs = (await (await call('GET', '/api/logs?logKey=Action.SendTest')).json()) as unknown[]
  expect(logs).toHaveLength(1)
})
