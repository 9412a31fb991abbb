import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import DmModule, { SingleSendMailRequest } from '@alicloud/dm20151123'
import SmsModule, { SendSmsRequest } from '@alicloud/dysmsapi20170525'
import { $OpenApiUtil } from '@alicloud/openapi-core'
import { getRequestListener } from '@hono/node-server'
import tencentcloud from 'tencentcloud-sdk-nodejs-sms'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createClouds } from './index.ts'

// The SDKs are CommonJS with a `default` that Node hands over as a member and other loaders as the import itself.
const SmsClient = classOf(SmsModule)
const DmClient = classOf(DmModule)

function classOf<T extends { default: unknown }>(module: T): T['default'] {
  return module.default ?? module
}

const clouds = createClouds()
let server: Server
let endpoint: string

beforeAll(async () => {
  server = createServer(getRequestListener(clouds.site))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  endpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise(resolve => server.close(resolve)))
beforeEach(() => clouds.control.reset())

const aliyunConfig = (options: { keyId?: string; secret?: string; token?: string; v2?: boolean } = {}) =>
  new $OpenApiUtil.Config({
    accessKeyId: options.keyId ?? 'LTAI-simulated-ok',
    accessKeySecret: options.secret ?? 'simulated-secret-ok',
    securityToken: options.token,
    signatureAlgorithm: options.v2 ? 'v2' : undefined,
    endpoint,
    protocol: 'HTTP',
  })

const sms = () =>
  new SendSmsRequest({
    phoneNumbers: '13800138000',
    signName: '示例应用',
    templateCode: 'SMS_100000002',
    templateParam: JSON.stringify({ code: '246810' }),
    outId: "a b!'()*~+é",
  })

const mail = () =>
  new SingleSendMailRequest({
    accountName: 'noreply@mail.example.com',
    addressType: 1,
    replyToAddress: false,
    toAddress: 'ada@example.com',
    subject: '验证码 (code)',
    htmlBody: "<p>您的验证码是 <b>135790</b> !'()*~+ &amp; %</p>",
  })

describe.each([
  { scheme: 'ACS3', v2: false },
  { scheme: 'RPC V1', v2: true },
])('the Alibaba Cloud SDKs signing with $scheme', ({ v2 }) => {
  it('send an SMS', async () => {
    const { statusCode, body } = await new SmsClient(aliyunConfig({ v2 })).sendSms(sms())
    expect(statusCode).toBe(200)
    expect(body).toMatchObject({ code: 'OK', message: 'OK', bizId: expect.stringMatching(/^\d+\^0$/) })
    expect(clouds.inbox.messages()).toMatchObject([
      {
        to: '+8613800138000',
        code: '246810',
        text: '【示例应用】您的登录验证码为：246810，10分钟内有效，请勿告知他人。',
      },
    ])
  })

  it('send a mail', async () => {
    const { statusCode, body } = await new DmClient(aliyunConfig({ v2 })).singleSendMail(mail())
    expect(statusCode).toBe(200)
    expect(body?.envId).toMatch(/^\d+$/)
    expect(clouds.inbox.messages()).toMatchObject([
      {
        to: 'ada@example.com',
        code: '135790',
        subject: '验证码 (code)',
        text: expect.stringContaining("!'()*~+ & %"),
      },
    ])
  })

  it('send with temporary keys', async () => {
    const config = aliyunConfig({
      v2,
      keyId: 'STS.simulated-ok',
      secret: 'simulated-secret-sts',
      token: 'simulated-token',
    })
    const { body } = await new SmsClient(config).sendSms(sms())
    expect(body?.code).toBe('OK')
  })

  it('report a wrong secret as SignatureDoesNotMatch', async () => {
    const config = aliyunConfig({ v2, secret: 'wrong' })
    await expect(new SmsClient(config).sendSms(sms())).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    })
    await expect(new DmClient(config).singleSendMail(mail())).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    })
  })

  it('report an unknown key', async () => {
    const config = aliyunConfig({ v2, keyId: 'nobody' })
    await expect(new SmsClient(config).sendSms(sms())).rejects.toMatchObject({
      code: 'InvalidAccessKeyId.NotFound',
      statusCode: 404,
    })
  })

  it('hand business failures of SMS back as ordinary answers', async () => {
    const request = sms()
    request.phoneNumbers = '13900000021'
    const { body } = await new SmsClient(aliyunConfig({ v2 })).sendSms(request)
    expect(body).toMatchObject({ code: 'isv.AMOUNT_NOT_ENOUGH', message: '账户余额不足' })
    expect(body?.bizId).toBeUndefined()
  })

  it('throw business failures of mail', async () => {
    const request = mail()
    request.toAddress = 'spam@example.com'
    await expect(new DmClient(aliyunConfig({ v2 })).singleSendMail(request)).rejects.toMatchObject({
      code: 'InvalidToAddress.Spam',
      statusCode: 400,
    })
  })
})

describe('the Tencent Cloud SDK', () => {
  const client = (credential: object = {}, options: { reqMethod?: 'GET' } = {}) =>
    new tencentcloud.sms.v20210111.Client({
      credential: { secretId: 'AKID-simulated-ok', secretKey: 'simulated-secret-ok', ...credential },
      region: 'ap-guangzhou',
      profile: { httpProfile: { endpoint, protocol: 'http://', ...options } },
    })
  const message = (numbers = ['+8613800138000']) => ({
    PhoneNumberSet: numbers,
    SmsSdkAppId: '1400000001',
    SignName: '示例应用',
    TemplateId: '1000002',
    TemplateParamSet: ['246810'],
    SessionContext: "a b!'()*~+é",
  })

  it.each(['POST', 'GET'] as const)('sends an SMS by %s', async method => {
    const options = method === 'GET' ? { reqMethod: method } : {}
    const answer = await client({}, options).SendSms(message())
    expect(answer.SendStatusSet).toMatchObject([
      { Code: 'Ok', PhoneNumber: '+8613800138000', Fee: 1, IsoCode: 'CN', SessionContext: "a b!'()*~+é" },
    ])
    expect(clouds.inbox.messages()).toMatchObject([{ to: '+8613800138000', code: '246810' }])
  })

  it('sends with temporary keys', async () => {
    const temporary = {
      secretId: 'AKID-simulated-temporary',
      secretKey: 'simulated-secret-temporary',
      token: 'simulated-token',
    }
    const answer = await client(temporary).SendSms(message())
    expect(answer.SendStatusSet?.[0]?.Code).toBe('Ok')
  })

  it('throws for a request refused as a whole', async () => {
    await expect(client({ secretKey: 'wrong' }).SendSms(message())).rejects.toMatchObject({
      code: 'AuthFailure.SignatureFailure',
    })
    await expect(client({ secretId: 'nobody' }).SendSms(message())).rejects.toMatchObject({
      code: 'AuthFailure.SecretIdNotFound',
    })
  })

  it('does not throw for a number refused on its own', async () => {
    const answer = await client().SendSms(message(['+8613900000001', '+8613800138001']))
    expect(answer.SendStatusSet?.map(status => status.Code)).toEqual([
      'FailedOperation.PhoneNumberInBlacklist',
      'Ok',
    ])
    expect(clouds.inbox.messages()).toHaveLength(1)
  })
})
