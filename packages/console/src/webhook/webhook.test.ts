import { HOOK_EVENTS, type Hook } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import { EVENT_GROUPS, foreignEvents } from './events.ts'
import { EMPTY, mistakesOf, toBody, toForm, type WebhookForm } from './form.ts'
import { VERIFY_SNIPPET } from './snippet.ts'

const right: WebhookForm = { ...EMPTY, name: 'CRM', url: 'https://a.example/hook', events: ['PostSignIn'] }

const hook = (changes: Partial<Hook>): Hook => ({
  tenantId: 'default',
  id: 'h1',
  name: 'CRM',
  event: null,
  events: ['User.Created'],
  config: { url: 'https://a.example' },
  signingKey: 'k',
  enabled: true,
  createdAt: 1,
  ...changes,
})

describe('the form of a webhook', () => {
  test('says what the server stored, and nothing more', () => {
    const config = { url: 'https://a.example', headers: { 'X-Key': 'v' }, retries: 0 }
    expect(toBody(toForm(hook({ config, enabled: false })))).toEqual({
      name: 'CRM',
      events: ['User.Created'],
      config,
      enabled: false,
    })
    expect(toBody(toForm(hook({}))).config).toEqual({ url: 'https://a.example' })
  })

  test('shows the single event of older clients', () => {
    expect(toForm(hook({ events: [], event: 'PostSignIn' })).events).toEqual(['PostSignIn'])
  })

  test('says of a robot what is to change, and never a secret that it does not know', () => {
    const url = 'https://oapi.dingtalk.com/robot/send?access_token=t'
    const robot = { form: 'dingtalk', language: 'zh-CN', signed: true } as const
    const form = toForm(hook({ config: { url, robot, retries: 0 } }))
    const said = { form: 'dingtalk', language: 'zh-CN' }
    expect(form).toMatchObject({ secret: '', signed: 'dingtalk' })
    expect(toBody(form).config).toEqual({ url, robot: said, retries: 0 })
    const typed = { ...form, secret: ' SECx ', headers: [{ name: 'a', value: 'b' }] }
    expect(toBody(typed).config).toEqual({ url, robot: { ...said, secret: 'SECx' }, retries: 0 })
    expect(toBody({ ...form, forgets: true }).config.robot).toEqual({ ...said, secret: null })
    expect(toBody({ ...typed, form: 'wecom', forgets: true }).config.robot).toEqual({
      ...said,
      form: 'wecom',
    })
    expect(toBody({ ...form, form: 'json' }).config).toEqual({ url, retries: 0 })
    expect(mistakesOf(typed)).toEqual({ headers: [undefined] })
    expect(mistakesOf({ ...typed, form: 'wecom' })).toMatchObject({ url: 'robotAddress' })
    expect(mistakesOf({ ...typed, secret: 'two words' })).toMatchObject({ secret: 'secret' })
  })

  test('forgets rows that nobody filled in, and spaces around what was typed', () => {
    const headers = [
      { name: ' x-key ', value: ' v ' },
      { name: '', value: '' },
    ]
    expect(toBody({ ...right, url: ' https://a.example ', headers }).config).toEqual({
      url: 'https://a.example',
      headers: { 'x-key': 'v' },
    })
  })

  const none = { headers: right.headers.map(() => undefined) }

  test('is right when nothing is missing', () => {
    expect(mistakesOf(right)).toEqual(none)
    expect(mistakesOf({ ...right, url: 'http://localhost:8080/hook' })).toEqual(none)
  })

  test.each<[Partial<WebhookForm>, object]>([
    [{ name: ' ' }, { name: 'name' }],
    [{ url: 'a.example/hook' }, { url: 'url' }],
    [{ url: 'ftp://a.example' }, { url: 'url' }],
    [{ url: 'https://u:p@a.example' }, { url: 'credentials' }],
    [{ events: [] }, { events: 'events' }],
    [{ headers: [{ name: 'a b', value: 'v' }] }, { headers: ['headerName'] }],
    [{ headers: [{ name: '', value: 'v' }] }, { headers: ['headerName'] }],
    [{ headers: [{ name: 'Host', value: 'v' }] }, { headers: ['headerReserved'] }],
    [
      {
        headers: [
          { name: 'A', value: '1' },
          { name: 'a', value: '2' },
        ],
      },
      { headers: [undefined, 'headerTwice'] },
    ],
  ])('with %j has the mistake %j', (changes, mistakes) => {
    const found = mistakesOf({ ...right, ...changes })
    expect(found).toMatchObject(mistakes)
    expect(found).not.toEqual(none)
  })
})

test('every event that happens here can be chosen, once', () => {
  expect(Object.values(EVENT_GROUPS).flat().toSorted()).toEqual(HOOK_EVENTS.toSorted())
  expect(foreignEvents(['PostSignIn', 'Role.Created'])).toEqual(['Role.Created'])
})

test('the snippet takes what Countersign signs, and nothing else', async () => {
  // Without the part that listens; with its own imports.
  const code = `${VERIFY_SNIPPET.slice(0, VERIFY_SNIPPET.indexOf('createServer('))}; export { isOurs, createHmac, signingKey }`
  const { isOurs, createHmac, signingKey } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`
  )
  const signature: string = createHmac('sha256', signingKey).update('{}').digest('hex')
  expect(isOurs('{}', signature)).toBe(true)
  expect(isOurs('{ }', signature)).toBe(false)
  expect(isOurs('{}', undefined)).toBe(false)
  expect(isOurs('{}', signature.slice(2))).toBe(false)
})
