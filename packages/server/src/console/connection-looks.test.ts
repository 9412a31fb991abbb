import type { CheckItem, Finding } from '@countersign/api'
import { sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { type Launched, launch } from '../testing/launch.ts'
import { callConsole, signInOperator } from '../testing/operator.ts'

const config = sampleSettings['aliyun-sms']

async function ask<T>(server: Launched, what: 'lint' | 'check', body: object, id = 'aliyun-sms') {
  const call = await signInOperator(server.app)
  const answer = await call('POST', `/api/console/catalog/${id}/${what}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}

describe('a look at a configuration', () => {
  test('warns before anything is saved that templates which stand alone serve mainland numbers only', async () => {
    const { body } = await ask(await launch(), 'lint', { config })
    expect(body).toMatchObject([
      {
        path: ['templates', 3, 'templateCode'],
        severity: 'warning',
        code: 'overseas_template_missing',
        remedy: { en: expect.stringContaining('Add a template for numbers outside mainland China') },
      },
    ])
  })

  test('finds nothing where all is well, and asks nobody', async () => {
    const server = await launch()
    const templates = (config.templates as object[]).map(row => ({
      ...row,
      templateCode: { china: 'SMS_1', overseas: 'SMS_2' },
    }))
    const whole = { ...config, templates, strictPhoneRegionNumberCheck: true }
    expect(await ask(server, 'lint', { config: whole })).toEqual({ status: 200, body: [] })
    expect(server.clouds.control.requests()).toEqual([])
  })

  test('names member, trouble and remedy of a half-filled configuration', async () => {
    const draft = { signName: '【示例应用】', templates: [] }
    const { status, body } = await ask<Finding[]>(await launch(), 'lint', { config: draft })
    expect(status).toBe(200)
    expect(body.map(({ path, code }) => [path.join('.'), code])).toEqual(
      expect.arrayContaining([
        ['accessKeyId', 'field_missing'],
        ['signName', 'signature_brackets'],
        ['templates', 'usage_types_missing'],
      ]),
    )
    for (const { remedy } of body) expect(remedy['zh-CN']).toMatch(/\p{Script=Han}/u)
  })
})

describe('a check with the provider', () => {
  test('tells of keys, permission, signature and each template, and sends nothing', async () => {
    const server = await launch()
    const { status, body } = await ask<CheckItem[]>(server, 'check', { config })
    expect(status).toBe(200)
    expect(body.map(({ subject, state }) => `${subject} ${state}`)).toEqual(
      expect.arrayContaining(['keys approved', 'signature approved', 'template:SMS_100000002 approved']),
    )
    expect(server.clouds.inbox.messages()).toEqual([])
  })

  test('tells what is wrong with the keys, and keeps them to itself', async () => {
    const wrong = { ...config, accessKeySecret: 'wrong-secret-of-tests' }
    const { body } = await ask<CheckItem[]>(await launch(), 'check', { config: wrong })
    expect(body[0]).toMatchObject({
      subject: 'keys',
      state: 'rejected',
      remedy: { en: expect.any(String) },
      links: expect.arrayContaining([
        expect.objectContaining({ href: 'https://ram.console.aliyun.com/users' }),
      ]),
    })
    expect(JSON.stringify(body)).not.toContain('wrong-secret-of-tests')
  })

  test('is refused for a configuration that cannot be saved', async () => {
    const server = await launch()
    expect(await ask(server, 'check', { config: {} })).toMatchObject({
      status: 400,
      body: { code: 'connector.invalid_config' },
    })
    expect(server.clouds.control.requests()).toEqual([])
  })
})

test.each(['lint', 'check'] as const)(
  '%s is for operators, and for connectors that there are',
  async what => {
    const server = await launch()
    const bare = await callConsole(server.app)('POST', `/api/console/catalog/aliyun-sms/${what}`, { config })
    expect(bare.status).toBe(401)
    expect((await ask(server, what, { config }, 'nothing')).status).toBe(404)
  },
)

test('a template with code and minutes gets the minutes of the policy', async () => {
  const server = await launch()
  const templates = (sampleSettings['tencent-sms'].templates as object[]).map(row => ({
    ...row,
    templateCode: '1000005',
    parameters: 'code,minutes',
  }))
  await server.connect('tencent-sms', { ...sampleSettings['tencent-sms'], templates })
  const answer = await server.manage('POST', '/api/verification-codes', { phone: '8613800138000' })
  expect(answer.status).toBe(204)
  expect(server.clouds.inbox.messages()[0]?.text).toContain('请于10分钟内填写')
})
