import { describe, expect, it } from 'vitest'
import { createClouds } from '../index.ts'
import { acs3Request, apiRequest, rpcRequest, type Signing } from '../signed-requests.ts'
import { acs3Signature } from './acs3.ts'
import { rpcSignature } from './rpc-v1.ts'
import { NONCE_RETENTION_MS, TIME_WINDOW_MS } from './unverified.ts'

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)
const message = {
  PhoneNumbers: '13800138000',
  SignName: '示例应用',
  TemplateCode: 'SMS_100000004',
  TemplateParam: '{"code":"123456"}',
}

describe('the signatures', () => {
  it('equal known ones of the RPC style, awkward characters included', () => {
    const parameters = {
      AccessKeyId: 'test-access-key-id',
      Format: 'JSON',
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      Timestamp: '2026-01-02T03:04:05Z',
      Action: 'SendSms',
      Version: '2017-05-25',
      PhoneNumbers: '13800000000',
      SignName: 'ExampleSign',
      TemplateCode: 'SMS_000000001',
      SignatureNonce: 'nonce-0001',
      TemplateParam: '{"code":"123456"}',
    }
    const sign = (method: string, extra = {}) =>
      rpcSignature(method, Object.entries({ ...parameters, ...extra }), 'test-access-key-secret').signature
    expect(sign('GET')).toBe('Q42+FdcssQsTAuYfs4YeFlc6Wt4=')
    expect(sign('POST')).toBe('unI+xpAFAL0MSZGCJGvQocLG540=')
    const awkward = { SignatureNonce: 'nonce-0003', OutId: '!\'()*~+ %&=/?#"-_.@:,;$[]{}|\\^`<>' }
    expect(sign('POST', awkward)).toBe('gVBn1JVXX/3vMYDpO44qZL3A0jc=')
  })

  it('equal known ones of ACS3', () => {
    const query = new URLSearchParams({
      PhoneNumbers: '13800000000',
      SignName: 'ExampleSign',
      TemplateCode: 'SMS_000000001',
      TemplateParam: '{"code":"123456"}',
    })
    const headers = {
      'x-acs-action': 'SendSms',
      'x-acs-version': '2017-05-25',
      'x-acs-date': '2026-01-02T03:04:05Z',
      'x-acs-signature-nonce': 'nonce-0001',
      'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    }
    const request = apiRequest('dysmsapi.aliyuncs.com', query.toString(), headers, '')
    const names = ['host', ...Object.keys(headers)]
    expect(acs3Signature(request, names, 'test-access-key-secret').signature).toBe(
      '21f2f9518bbfe844ed87656cfd8de4aeb91be9042bee8132c948b3d96e41a91c',
    )
  })
})

describe.each([
  { scheme: 'RPC V1', make: rpcRequest },
  { scheme: 'ACS3', make: acs3Request },
])('the gateway, asked by $scheme', ({ scheme, make }) => {
  const answerTo = async (signing: Signing = {}, action = 'SendSms', version = '2017-05-25') => {
    const clouds = createClouds({ now: () => NOW })
    const response = await clouds.fetch(make(action, version, message, { at: NOW, ...signing }))
    return { status: response.status, body: JSON.parse(await response.text()) }
  }

  it('lets a rightly signed request through', async () => {
    expect(await answerTo()).toMatchObject({ status: 200, body: { Code: 'OK' } })
  })

  it('answers a refusal in its own shape', async () => {
    const { status, body } = await answerTo({ keyId: 'nobody' })
    expect(status).toBe(404)
    expect(body).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      HostId: 'dysmsapi.aliyuncs.com',
      Code: 'InvalidAccessKeyId.NotFound',
      Message: 'Specified access key is not found.',
      Recommend: `https://api.aliyun.com/troubleshoot?q=InvalidAccessKeyId.NotFound&product=Dysmsapi&requestId=${body.RequestId}`,
    })
  })

  it.each<[what: string, signing: Signing, status: number, code: string]>([
    ['a wrong secret', { secret: 'wrong' }, 400, 'SignatureDoesNotMatch'],
    ['a disabled key', { keyId: 'LTAI-simulated-disabled' }, 400, 'InvalidAccessKeyId.Inactive'],
    [
      'a key without permission',
      { keyId: 'LTAI-simulated-forbidden', secret: 'simulated-secret-forbidden' },
      403,
      'Forbidden.RAM',
    ],
    ['a temporary key without its token', { keyId: 'STS.simulated-ok' }, 404, 'InvalidAccessKeyId.NotFound'],
    ['a made-up token', { keyId: 'STS.simulated-ok', token: 'x' }, 400, 'InvalidSecurityToken.Malformed'],
    [
      'the token of another key',
      { keyId: 'STS.simulated-ok', token: 'simulated-token-expired' },
      400,
      'InvalidSecurityToken.MismatchWithAccessKey',
    ],
    [
      'an expired token',
      { keyId: 'STS.simulated-expired', token: 'simulated-token-expired' },
      400,
      'InvalidSecurityToken.Expired',
    ],
    ['an old request', { at: NOW - TIME_WINDOW_MS - 1000 }, 400, 'InvalidTimeStamp.Expired'],
    ['a request from the future', { at: NOW + TIME_WINDOW_MS + 1000 }, 400, 'InvalidTimeStamp.Expired'],
    ['no key', { keyId: '' }, 400, 'MissingAccessKeyId'],
  ])('refuses %s', async (_, signing, status, code) => {
    expect(await answerTo(signing)).toMatchObject({ status, body: { Code: code } })
  })

  it('refuses a time in another form', async () => {
    const override =
      scheme === 'ACS3' ? { 'x-acs-date': '2026-01-02 03:04:05' } : { Timestamp: '2026-01-02 03:04:05' }
    expect(await answerTo({ override })).toMatchObject({
      status: 400,
      body: { Code: 'InvalidTimeStamp.Format' },
    })
  })

  it('refuses an action and a version it does not know', async () => {
    expect(await answerTo({}, 'AddSmsSign')).toMatchObject({
      status: 404,
      body: { Code: 'InvalidAction.NotFound' },
    })
    expect(await answerTo({}, 'SendSms', '2016-01-01')).toMatchObject({
      status: 400,
      body: { Code: 'InvalidVersion' },
    })
  })

  it('takes a nonce once while requests with it would still be in time', async () => {
    let now = NOW
    const clouds = createClouds({ now: () => now })
    const send = async () => {
      const request = make('SendSms', '2017-05-25', message, { at: now, nonce: 'same' })
      return JSON.parse(await (await clouds.fetch(request)).text()).Code
    }
    expect(await send()).toBe('OK')
    expect(await send()).toBe('SignatureNonceUsed')
    now += NONCE_RETENTION_MS + 1000
    expect(await send()).toBe('OK')
  })

  it('does not spend the nonce of a request it could not verify', async () => {
    const clouds = createClouds({ now: () => NOW })
    const send = async (secret?: string) => {
      const request = make('SendSms', '2017-05-25', message, { at: NOW, nonce: 'same', secret })
      return JSON.parse(await (await clouds.fetch(request)).text()).Code
    }
    expect(await send('wrong')).toBe('SignatureDoesNotMatch')
    expect(await send()).toBe('OK')
  })
})

describe('the gateway', () => {
  const clouds = createClouds({ now: () => NOW })
  const codeOf = async (request: Request) => JSON.parse(await (await clouds.fetch(request)).text()).Code

  it('answers the RPC style in XML unless JSON is asked for', async () => {
    const request = rpcRequest(
      'SendSms',
      '2017-05-25',
      { ...message, Format: '' },
      { at: NOW, secret: '<&>' },
    )
    const response = await clouds.fetch(request)
    expect(response.headers.get('content-type')).toContain('text/xml')
    expect(await response.text()).toMatch(
      /^<\?xml version='1\.0' encoding='UTF-8'\?><Error><RequestId>.*<HostId>dysmsapi\.aliyuncs\.com<\/HostId><Code>SignatureDoesNotMatch<\/Code><Message>.*&amp;.*<\/Error>$/,
    )
    const accepted = await clouds.fetch(
      rpcRequest('SendSms', '2017-05-25', { ...message, Format: 'xml' }, { at: NOW }),
    )
    expect(await accepted.text()).toMatch(/<SendSmsResponse>.*<Code>OK<\/Code>.*<\/SendSmsResponse>$/)
  })

  it('refuses a format that is neither', async () => {
    const request = rpcRequest('SendSms', '2017-05-25', { ...message, Format: 'YAML' }, { at: NOW })
    expect(await (await clouds.fetch(request)).text()).toContain('<Code>InvalidParameter.Format</Code>')
  })

  it('shows the string it signed, so that a wrong secret can be told from a wrong string', async () => {
    const request = rpcRequest('SendSms', '2017-05-25', message, { at: NOW, secret: 'wrong' })
    const body = (await (await clouds.fetch(request)).json()) as { Message: string }
    expect(body.Message).toContain('server string to sign is:POST&%2F&AccessKeyId%3DLTAI-simulated-ok')
  })

  it.each([
    ['SignatureMethod', 'HMAC-SHA256', 'InvalidSignatureMethod'],
    ['SignatureVersion', '2.0', 'InvalidSignatureVersion'],
    ['SignatureNonce', undefined, 'MissingSignatureNonce'],
    ['Timestamp', undefined, 'MissingTimestamp'],
    ['PhoneNumbers', '13900000000', 'SignatureDoesNotMatch'],
    ['Signature', '', 'IncompleteSignature'],
  ])('refuses the RPC style with %s %s', async (name, value, code) => {
    const override = { [name]: value }
    expect(await codeOf(rpcRequest('SendSms', '2017-05-25', message, { at: NOW, override }))).toBe(code)
  })

  it.each([
    ['x-acs-content-sha256', '0'.repeat(64), 'SignatureDoesNotMatch'],
    ['x-acs-signature-nonce', undefined, 'IncompleteSignature'],
    ['x-acs-date', undefined, 'MissingTimestamp'],
    ['authorization', 'ACS3-HMAC-SHA256 garbage', 'IncompleteSignature'],
    ['x-acs-action', undefined, 'InvalidAction.NotFound'],
  ])('refuses ACS3 with %s %s', async (name, value, code) => {
    const override = { [name]: value }
    expect(await codeOf(acs3Request('SendSms', '2017-05-25', message, { at: NOW, override }))).toBe(code)
  })

  it('refuses ACS3 with a body other than the signed one', async () => {
    const signed = acs3Request('SendSms', '2017-05-25', message, { at: NOW })
    const request = new Request(signed.url, {
      method: 'POST',
      headers: signed.headers,
      body: 'PhoneNumbers=1',
    })
    expect(await codeOf(request)).toBe('SignatureDoesNotMatch')
  })

  it('refuses a request without any credentials', async () => {
    const request = new Request(
      'https://dm.aliyuncs.com/?Action=SingleSendMail&Version=2015-11-23&Format=JSON',
    )
    expect(await codeOf(request)).toBe('MissingAccessKeyId')
  })
})
