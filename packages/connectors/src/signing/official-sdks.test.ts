import { createRequire } from 'node:module'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as acs3 from './aliyun-acs3.ts'
import * as rpc from './aliyun-rpc.ts'
import * as tc3 from './tc3.ts'

/** Where encodings differ they do so for one text in thousands. */
const RUNS = { numRuns: 10_000 }

// CommonJS, loaded as such: loaders differ in how they hand its `default` to an import.
const load = createRequire(import.meta.url)
const { OpenApiUtil } = load('@alicloud/openapi-core')
const { default: openApiUtil } = load('@alicloud/openapi-util')
const { sign3 } = load('tencentcloud-sdk-nodejs-common/tencentcloud/common/sign').default

/** Any text that UTF-8 can express, with much of what is commonly encoded wrongly. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...`!'()*~+ %&=/?#"-_.@:,;$[]{}|\\^\`<>\r\n`) }),
  fc.string({ unit: fc.constantFrom('验', '证', '码', '😀', '👩‍💻', 'é', 'a', '0') }),
)
// The SDK for ACS3 leaves the names in the query unencoded, so the two agree on plain names only, as all real
// parameters have. Capital or not, and one the beginning of the other, is where sorting goes wrong.
const name = fc.string({ unit: fc.constantFrom(...'AaBbZz09_.'), minLength: 1, maxLength: 6 })
const parameters = fc.dictionary(name, text, { maxKeys: 8, noNullPrototype: true })
const secret = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
const method = fc.constantFrom('GET', 'POST')

test('the RPC signature equals that of both official SDKs on any input', () => {
  fc.assert(
    fc.property(method, secret, parameters, (method, accessKeySecret, params) => {
      const { signature } = rpc.sign({ method, accessKeySecret, params })
      expect(signature).toBe(OpenApiUtil.getRPCSignature(params, method, accessKeySecret))
      expect(signature).toBe(openApiUtil.getRPCSignature(params, method, accessKeySecret))
    }),
    RUNS,
  )
})

test('the ACS3 authorization equals that of the official SDK on any input', () => {
  const header = fc.string({ unit: 'grapheme-ascii', maxLength: 20 })
  const extra = fc.dictionary(
    fc.constantFrom('x-acs-security-token', 'X-Acs-AccessKey-Id', 'content-type', 'accept', 'user-agent'),
    header,
    { noNullPrototype: true },
  )
  fc.assert(
    fc.property(method, secret, parameters, extra, text, (method, accessKeySecret, query, more, body) => {
      const headers = { host: 'dm.aliyuncs.com', 'x-acs-action': 'A', 'x-acs-signature-nonce': 'n', ...more }
      const input = { accessKeyId: 'key', accessKeySecret, method, query, headers, body }
      const { authorization, hashedRequestPayload } = acs3.sign(input)
      const request = {
        method,
        pathname: '/',
        query,
        headers: { ...headers, 'x-acs-content-sha256': hashedRequestPayload },
      }
      expect(hashedRequestPayload).toBe(
        OpenApiUtil.hash(Buffer.from(body), 'ACS3-HMAC-SHA256').toString('hex'),
      )
      for (const oracle of [OpenApiUtil, openApiUtil])
        expect(authorization).toBe(
          oracle.getAuthorization(request, 'ACS3-HMAC-SHA256', hashedRequestPayload, 'key', accessKeySecret),
        )
    }),
    RUNS,
  )
})

test('the TC3 authorization equals that of the official SDK on any input', () => {
  const input = fc.record({
    method,
    secretKey: secret,
    contentType: fc.constantFrom('application/json', 'application/json; charset=utf-8'),
    timestamp: fc.integer({ min: 0, max: 4_000_000_000 }),
    service: fc.constantFrom('sms', 'cvm', '127'),
    values: fc.dictionary(text, fc.oneof(text, fc.array(text)), { noNullPrototype: true }),
  })
  fc.assert(
    fc.property(input, ({ values, ...rest }) => {
      const payload = JSON.stringify(values)
      const { authorization } = tc3.sign({ ...rest, secretId: 'id', host: 'sms.example.com', payload })
      const oracle = sign3({
        ...rest,
        url: 'https://sms.example.com/',
        secretId: 'id',
        payload: Buffer.from(payload),
        headers: { 'Content-Type': rest.contentType },
      })
      expect(authorization).toBe(oracle)
    }),
    RUNS,
  )
})
