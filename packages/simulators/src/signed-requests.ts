import { randomUUID } from 'node:crypto'
import { acs3Signature } from './aliyun-gateway/acs3.ts'
import { rpcSignature } from './aliyun-gateway/rpc-v1.ts'
import type { CloudId } from './cloud-ids.ts'
import type { ApiRequest } from './request.ts'
import { sampleSettings } from './samples.ts'
import { sha256Hex } from './signatures.ts'
import { tc3Signature } from './tencent-sms/tc3.ts'

/**
 * Signed requests for the tests of this package. They use the package's own signatures, which stand on their own
 * feet elsewhere: on the providers' published examples and on the official SDKs.
 */
export interface Signing {
  at?: number
  keyId?: string
  secret?: string
  token?: string
  host?: string
  nonce?: string
  /** Put over what was signed, or removed with undefined. */
  override?: Record<string, string | undefined>
}

const timestamp = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')

/** An RPC V1 request with all parameters in a form. */
export function rpcRequest(
  action: string,
  version: string,
  parameters: Record<string, string>,
  signing: Signing = {},
): Request {
  const all: Record<string, string | undefined> = {
    Action: action,
    Version: version,
    Format: 'JSON',
    AccessKeyId: signing.keyId ?? 'LTAI-simulated-ok',
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: signing.nonce ?? randomUUID(),
    Timestamp: timestamp(signing.at ?? Date.now()),
    ...(signing.token && { SecurityToken: signing.token }),
    ...parameters,
  }
  const pairs = Object.entries(all) as [string, string][]
  const { signature } = rpcSignature('POST', pairs, signing.secret ?? 'simulated-secret-ok')
  const sent = Object.entries({ ...all, Signature: signature, ...signing.override })
  const body = new URLSearchParams(sent.filter((pair): pair is [string, string] => pair[1] !== undefined))
  return new Request(`https://${signing.host ?? 'dysmsapi.aliyuncs.com'}/`, { method: 'POST', body })
}

/** An ACS3 request with its parameters in the query and an empty body. */
export function acs3Request(
  action: string,
  version: string,
  parameters: Record<string, string>,
  signing: Signing = {},
): Request {
  const host = signing.host ?? 'dysmsapi.aliyuncs.com'
  const rawQuery = new URLSearchParams(parameters).toString()
  const headers: Record<string, string> = {
    accept: 'application/json',
    'x-acs-action': action,
    'x-acs-version': version,
    'x-acs-date': timestamp(signing.at ?? Date.now()),
    'x-acs-signature-nonce': signing.nonce ?? randomUUID(),
    'x-acs-content-sha256': sha256Hex(''),
    ...(signing.token && { 'x-acs-security-token': signing.token }),
  }
  const signedHeaders = ['host', ...Object.keys(headers).filter(name => name.startsWith('x-acs-'))].sort()
  const { signature } = acs3Signature(
    apiRequest(host, rawQuery, headers, ''),
    signedHeaders,
    signing.secret ?? 'simulated-secret-ok',
  )
  const keyId = signing.keyId ?? 'LTAI-simulated-ok'
  headers.authorization = `ACS3-HMAC-SHA256 Credential=${keyId},SignedHeaders=${signedHeaders.join(';')},Signature=${signature}`
  return new Request(`https://${host}/?${rawQuery}`, { method: 'POST', headers: sent(headers, signing) })
}

/** A TC3 request with a JSON body; a text is sent as it is. */
export function tc3Request(action: string, body: unknown, signing: Signing = {}): Request {
  const host = signing.host ?? 'sms.tencentcloudapi.com'
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const seconds = String(Math.floor((signing.at ?? Date.now()) / 1000))
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 10)
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-tc-action': action,
    'x-tc-version': '2021-01-11',
    'x-tc-region': 'ap-guangzhou',
    'x-tc-timestamp': seconds,
    ...(signing.token && { 'x-tc-token': signing.token }),
  }
  const signature = tc3Signature(
    apiRequest(host, '', headers, text),
    { date, service: 'sms', signedHeaders: ['content-type', 'host'] },
    { key: signing.secret ?? 'simulated-secret-ok', host, timestamp: seconds },
  )
  const keyId = signing.keyId ?? 'AKID-simulated-ok'
  headers.authorization = `TC3-HMAC-SHA256 Credential=${keyId}/${date}/sms/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`
  return new Request(`https://${host}/`, { method: 'POST', headers: sent(headers, signing), body: text })
}

/** A request as the signature functions see it. */
export function apiRequest(
  host: string,
  rawQuery: string,
  headers: Record<string, string>,
  body: string,
): ApiRequest {
  return {
    method: 'POST',
    host,
    hostname: host,
    path: '/',
    rawQuery,
    headers: new Headers(headers),
    body: Buffer.from(body),
    tooLarge: false,
  }
}

function sent(headers: Record<string, string>, signing: Signing): Record<string, string> {
  const all = Object.entries({ ...headers, ...signing.override })
  return Object.fromEntries(all.filter((pair): pair is [string, string] => pair[1] !== undefined))
}

type Templates = { templateCode: string; subject: string; content: string }[]

/** A right request to each cloud, made of the sample settings. */
export function sampleRequest(cloud: CloudId, template = 0): Request {
  const settings = sampleSettings[cloud]
  const chosen = (settings.templates as Templates)[template]
  if (!chosen) throw new Error('no such template')
  const text = (name: string) => String(settings[name])
  const signing = { keyId: text('accessKeyId'), secret: text('accessKeySecret') }
  switch (cloud) {
    case 'aliyun-sms': {
      const TemplateParam = JSON.stringify({ code: '123456' })
      const parameters = { PhoneNumbers: '13800138000', SignName: text('signName'), TemplateParam }
      return acs3Request(
        'SendSms',
        '2017-05-25',
        { ...parameters, TemplateCode: chosen.templateCode },
        signing,
      )
    }
    case 'aliyun-pnvs': {
      const TemplateParam = JSON.stringify({ code: '123456', min: '10' })
      const parameters = { PhoneNumber: '13800138000', SignName: text('signName'), TemplateParam }
      return acs3Request(
        'SendSmsVerifyCode',
        '2017-05-25',
        { ...parameters, TemplateCode: chosen.templateCode },
        { ...signing, host: 'dypnsapi.aliyuncs.com' },
      )
    }
    case 'aliyun-dm': {
      const parameters = {
        AccountName: text('accountName'),
        FromAlias: text('fromAlias'),
        AddressType: '1',
        ReplyToAddress: 'false',
        ToAddress: 'ada@example.com',
        Subject: chosen.subject,
        HtmlBody: chosen.content.replace('{{code}}', '123456'),
      }
      return rpcRequest('SingleSendMail', '2015-11-23', parameters, { ...signing, host: 'dm.aliyuncs.com' })
    }
    case 'tencent-sms':
      return tc3Request(
        'SendSms',
        {
          PhoneNumberSet: ['+8613800138000'],
          SmsSdkAppId: settings.sdkAppId,
          SignName: settings.signName,
          TemplateId: chosen.templateCode,
          TemplateParamSet: ['123456'],
        },
        signing,
      )
  }
}
