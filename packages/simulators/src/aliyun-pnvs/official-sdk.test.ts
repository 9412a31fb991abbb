import { createRequire } from 'node:module'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunningSimulators, startSimulators } from '../index.ts'

// CommonJS, loaded as such: loaders differ in how they hand its `default` to an import.
const load = createRequire(import.meta.url)
const sdk = load('@alicloud/dypnsapi20170525')
const { $OpenApiUtil } = load('@alicloud/openapi-core')

let simulators: RunningSimulators
beforeAll(async () => {
  simulators = await startSimulators({ ports: { site: 0 }, quiet: true })
})
afterAll(() => simulators.close())
beforeEach(() => simulators.clouds.control.reset())

const messages = () => simulators.clouds.inbox.messages()

describe.each([
  { scheme: 'ACS3', signatureAlgorithm: undefined },
  { scheme: 'RPC V1', signatureAlgorithm: 'v2' },
])('the official SDK of PNVS, signing with $scheme', ({ signatureAlgorithm }) => {
  const client = (secret = 'simulated-secret-ok') =>
    new sdk.default(
      new $OpenApiUtil.Config({
        accessKeyId: 'LTAI-simulated-ok',
        accessKeySecret: secret,
        signatureAlgorithm,
        endpoint: new URL(simulators.addresses.site!).host,
        protocol: 'HTTP',
      }),
    )
  const send = (change: object = {}, secret?: string) =>
    client(secret).sendSmsVerifyCode(
      new sdk.SendSmsVerifyCodeRequest({
        phoneNumber: '13800138000',
        signName: '示例赠送签名',
        templateCode: '100001',
        templateParam: JSON.stringify({ code: '246810', min: '10' }),
        outId: "a b!'()*~+é",
        ...change,
      }),
    )
  const check = (verifyCode: string, change: object = {}) =>
    client().checkSmsVerifyCode(
      new sdk.CheckSmsVerifyCodeRequest({ phoneNumber: '13800138000', verifyCode, ...change }),
    )

  it('sends a code of its caller’s own', async () => {
    const { statusCode, body } = await send()
    expect(statusCode).toBe(200)
    expect(body).toMatchObject({
      code: 'OK',
      success: true,
      model: { bizId: expect.stringMatching(/^\d+\^0$/), outId: "a b!'()*~+é" },
    })
    expect(body.model.verifyCode).toBeUndefined()
    expect(messages()).toMatchObject([
      {
        cloud: 'aliyun-pnvs',
        to: '+8613800138000',
        code: '246810',
        text: expect.stringMatching(/^【示例赠送签名】您的验证码为246810。.*10分钟内有效/),
      },
    ])
    // The cloud keeps no code that it has not made.
    await expect(check('246810')).rejects.toMatchObject({ code: 'isv.ValidateFail', statusCode: 400 })
  })

  it('has the cloud make a code and check it, once', async () => {
    const { body } = await send({
      templateParam: JSON.stringify({ code: '##code##', min: '5' }),
      codeLength: 6,
      codeType: 1,
      returnVerifyCode: true,
      schemeName: 'demo',
    })
    const { verifyCode } = body.model
    expect(verifyCode).toMatch(/^\d{6}$/)
    expect(messages()).toMatchObject([{ code: verifyCode }])
    await expect(check(verifyCode)).rejects.toMatchObject({ code: 'isv.ValidateFail' })
    expect((await check(verifyCode, { schemeName: 'demo' })).body.model).toMatchObject({
      verifyResult: 'PASS',
    })
    await expect(check(verifyCode, { schemeName: 'demo' })).rejects.toMatchObject({
      code: 'isv.ValidateFail',
    })
  })

  it.each([
    ['13900000047', 'isv.INVALID_PARAMETERS'],
    ['13900000011', 'biz.FREQUENCY'],
  ])('throws for %s, which is refused with the status 400', async (phoneNumber, code) => {
    await expect(send({ phoneNumber })).rejects.toMatchObject({ code, statusCode: 400 })
  })

  it('hands a refusal in a body of status 200 back as an ordinary answer', async () => {
    const { statusCode, body } = await send({ phoneNumber: '13900000102' })
    expect([statusCode, body.code, body.message]).toEqual([200, 'FREQUENCY_FAIL', 'check frequency failed'])
    expect(body.model).toBeUndefined()
  })

  it('reports a wrong secret as SignatureDoesNotMatch', async () => {
    await expect(send({}, 'wrong')).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' })
  })
})
