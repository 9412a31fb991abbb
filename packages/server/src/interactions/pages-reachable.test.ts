import { expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'
import {
  askForCode,
  byPhone,
  fieldOf,
  go,
  headingOf,
  noticeOf,
  PASSWORD,
  PHONE,
  pathOf,
} from '../testing/visitor.ts'

test('without a connection nobody is asked for a code where a password does', async () => {
  const server = await launch()
  await server.connect('aliyun-sms')
  await server.manage('PATCH', '/api/sign-in-exp', { ...byPhone, forgotPasswordMethods: null })
  await server.manage('POST', '/api/users', { primaryPhone: PHONE, password: PASSWORD })
  const visitor = await server.visit()
  const reset = await go(visitor, '/reset-password')
  expect([fieldOf(reset, 'kind'), reset.text.includes('with=email')]).toEqual(['phone', false])

  const [{ id }] = (await (await server.manage('GET', '/api/connectors')).json()) as [{ id: string }]
  expect((await server.manage('DELETE', `/api/connectors/${id}`)).status).toBe(204)
  const asked = await askForCode(visitor)
  expect(headingOf(asked)).toBe('Enter your password')
  expect(asked.text).not.toMatch(/reset-password|use-code/)
  expect(pathOf(await go(visitor, '/reset-password'))).toBe('/sign-in')
  await visitor.submit(asked, { password: PASSWORD })
  expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
  // Who can only register by a code is told that it cannot be sent.
  const other = await server.visit()
  expect(noticeOf(await askForCode(other, '/register'))).toMatch('We could not send the message')
})
