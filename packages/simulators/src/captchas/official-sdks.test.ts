import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import CaptchaModule, { VerifyIntelligentCaptchaRequest } from '@alicloud/captcha20230305'
import { $OpenApiUtil } from '@alicloud/openapi-core'
import { getRequestListener } from '@hono/node-server'
import { CommonClient } from 'tencentcloud-sdk-nodejs-common'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readRequest } from '../request.ts'
import { createAliyunCaptcha } from './aliyun-captcha.ts'
import { siteVerify } from './site-verify.ts'
import { tencentCaptcha } from './tencent-captcha.ts'
import { createTokens } from './tokens.ts'

// The SDK is CommonJS with a `default` that Node hands over as a member and other loaders as the import itself.
const AliyunClient = CaptchaModule.default ?? CaptchaModule

const about = { now: Date.now, tokens: createTokens() }
const aliyunCaptcha = createAliyunCaptcha(about)
let server: Server
let endpoint: string

async function answer(request: Request): Promise<Response> {
  const read = await readRequest(request)
  if (read.headers.has('x-tc-action')) return tencentCaptcha(read, about)
  const { status, contentType, body } = aliyunCaptcha.answer(read)
  return new Response(body, { status, headers: { 'content-type': contentType } })
}

beforeAll(async () => {
  server = createServer(getRequestListener(answer))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  endpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise(resolve => server.close(resolve)))

it('Alibaba Cloud’s SDK has what was passed judged, and throws for a wrong key', async () => {
  const ask = async (captchaVerifyParam: string, accessKeySecret = 'simulated-secret-ok') => {
    const config = { accessKeyId: 'LTAI-simulated-ok', accessKeySecret, endpoint, protocol: 'HTTP' }
    const client = new AliyunClient(new $OpenApiUtil.Config(config))
    const asked = new VerifyIntelligentCaptchaRequest({ captchaVerifyParam, sceneId: 'simulated-scene' })
    return (await client.verifyIntelligentCaptcha(asked)).body
  }
  expect(await ask('simulated?n=1')).toMatchObject({
    code: 'Success',
    success: true,
    result: { verifyResult: true, verifyCode: 'T001' },
  })
  expect((await ask('simulated?n=1'))?.result).toMatchObject({ verifyResult: false, verifyCode: 'F008' })
  await expect(ask('simulated?n=2', 'wrong')).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' })
})

it('Tencent Cloud’s SDK has what was passed judged, and throws for a wrong key', async () => {
  const ask = async (Ticket: string, secretKey = 'simulated-secret-ok') => {
    const client = new CommonClient('captcha.tencentcloudapi.com', '2019-07-22', {
      credential: { secretId: 'AKID-simulated-ok', secretKey },
      profile: { httpProfile: { endpoint, protocol: 'http://' } },
    })
    return client.request('DescribeCaptchaResult', {
      CaptchaType: 9,
      Ticket,
      UserIp: '198.51.100.4',
      Randstr: '@r',
      CaptchaAppId: 190000001,
      AppSecretKey: 'simulated-app-secret',
    })
  }
  expect(await ask('simulated?n=3')).toMatchObject({ CaptchaCode: 1, EvilLevel: 0 })
  expect(await ask('simulated?n=3')).toMatchObject({ CaptchaCode: 9 })
  await expect(ask('simulated?n=4', 'wrong')).rejects.toMatchObject({ code: 'AuthFailure.SignatureFailure' })
})

it('hCaptcha takes forms alone, Turnstile JSON as well', async () => {
  const asked = async (site: 'turnstile' | 'hcaptcha', path: string) => {
    const body = JSON.stringify({ secret: 'simulated-secret-ok', response: 'simulated?n=5' })
    const request = new Request(`https://site.example${path}`, { method: 'POST', body })
    return (await siteVerify(await readRequest(request), site, about.tokens).json()) as { success: boolean }
  }
  expect(await asked('hcaptcha', '/siteverify')).toMatchObject({ success: false })
  expect(await asked('turnstile', '/turnstile/v0/siteverify')).toMatchObject({ success: true })
})
