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

test('where no page stands browsers read so on one of ours, and programs in two words', async () => {
  const server = await launch()
  const ask = async (path: string, accept?: string, method = 'GET') => {
    const headers = { ...(accept && { accept }), 'accept-language': 'zh-CN' }
    const answer = await fetch(server.endpoint + path, { method, headers, redirect: 'manual' })
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
  }
  const html = 'text/html,application/xhtml+xml'
  for (const path of ['/nothing', '/nothing/deeper.php?x=<script>', '/favicon.ico', '/API/users'])
    expect(await ask(path, html), path).toMatchObject({
      status: 404,
      type: 'text/html; charset=utf-8',
      text: expect.stringContaining('此网址没有对应的页面'),
    })
  for (const [path, accept, method] of [
    ['/nothing'],
    ['/nothing', 'application/json'],
    ['/nothing', html, 'POST'],
    ['/api/nothing', html],
  ])
    expect(await ask(path!, accept, method)).toMatchObject({ status: 404, text: 'Not Found' })
  // Its links to other languages stay here, whatever the address looks like.
  expect((await ask('//other.example/x', html)).text).not.toMatch(/href="\/\//)
})

test('below the addresses of sign-in pages stands the page', async () => {
  const server = await launch()
  await server.connect('aliyun-sms')
  await server.manage('PATCH', '/api/sign-in-exp', byPhone)
  const visitor = await server.visit()
  for (const [path, page] of [
    ['/sign-in/x', '/sign-in'],
    ['/register/x/y', '/register'],
    ['/identifier-sign-in/x', '/sign-in'],
    ['/identifier-register/x', '/register'],
  ])
    expect(pathOf(await go(visitor, path!)), path).toBe(page)
})
