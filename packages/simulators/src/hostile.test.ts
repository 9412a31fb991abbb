import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClouds } from './index.ts'
import { acs3Request, rpcRequest, sampleRequest, tc3Request } from './signed-requests.ts'

const hosts = [
  'dysmsapi.aliyuncs.com',
  'dypnsapi.aliyuncs.com',
  'dm.aliyuncs.com',
  'sms.tencentcloudapi.com',
  'localhost',
]
const headerNames = [
  'authorization',
  'content-type',
  'accept',
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
  'x-acs-security-token',
  'x-tc-action',
  'x-tc-version',
  'x-tc-timestamp',
  'x-tc-region',
  'x-tc-token',
]
const likelyValues = [
  'ACS3-HMAC-SHA256 Credential=LTAI-simulated-ok,SignedHeaders=ho st;\u00e9;(x),Signature='.padEnd(150, 'a'),
  `TC3-HMAC-SHA256 Credential=AKID-simulated-ok/2026-01-02/sms/tc3_request, SignedHeaders=(;host, Signature=${'0'.repeat(64)}`,
  'application/x-www-form-urlencoded',
  'application/json',
  '2026-13-45T99:99:99Z',
  '999999999999',
  'SendSms',
  '__proto__',
  'constructor',
  '2017-05-25',
  '2021-01-11',
]
const headerValue = fc.oneof(
  fc.constantFrom(...likelyValues),
  fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map(code => String.fromCharCode(code)) }),
)
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc.constantFrom('__proto__', '', '[]', 'null', '%'),
)
const number = fc.oneof(
  text,
  fc.constantFrom('13800138000', '+8613800138000', '85261234567', '1'.repeat(5000)),
)

describe('hostile requests', () => {
  it('always get an answer, whatever their headers and bodies', async () => {
    const clouds = createClouds()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...hosts),
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
        fc.webQueryParameters(),
        fc.dictionary(fc.constantFrom(...headerNames), headerValue),
        fc.oneof(fc.uint8Array({ maxLength: 500 }), text),
        async (host, method, query, headers, body) => {
          const request = new Request(`https://${host}/?${query}`, {
            method,
            headers,
            body: method === 'GET' ? undefined : (body as string),
          })
          const response = await clouds.fetch(request)
          expect(response).toBeInstanceOf(Response)
          await response.text()
        },
      ),
      { numRuns: 400 },
    )
    expect(clouds.control.requests().some(({ code }) => code === 'crash')).toBe(false)
    expect(clouds.inbox.messages()).toEqual([])
  })

  it('get no further by a right signature', async () => {
    const clouds = createClouds()
    const parameters = fc.dictionary(
      fc.constantFrom(
        'PhoneNumbers',
        'SignName',
        'TemplateCode',
        'TemplateParam',
        'Format',
        'ToAddress',
        'Subject',
      ),
      number,
    )
    await fc.assert(
      fc.asyncProperty(parameters, fc.boolean(), async (given, acs3) => {
        // What cannot be encoded cannot be signed.
        const clean = Object.fromEntries(
          Object.entries(given).map(([name, value]) => [name, value.toWellFormed()]),
        )
        const make = acs3 ? acs3Request : rpcRequest
        const sms = {
          SignName: '示例应用',
          TemplateCode: 'SMS_100000004',
          PhoneNumbers: '13800138000',
          ...clean,
        }
        await (await clouds.fetch(make('SendSms', '2017-05-25', sms))).text()
        const mail = {
          AccountName: 'noreply@mail.example.com',
          AddressType: '1',
          ReplyToAddress: 'false',
          ...clean,
        }
        await (
          await clouds.fetch(make('SingleSendMail', '2015-11-23', mail, { host: 'dm.aliyuncs.com' }))
        ).text()
      }),
      { numRuns: 150 },
    )
    const members = fc.record(
      {
        PhoneNumberSet: fc.anything(),
        SmsSdkAppId: fc.anything(),
        TemplateParamSet: fc.array(number),
        SignName: text,
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(members, number, async (given, recipient) => {
        const body = {
          PhoneNumberSet: [recipient],
          SmsSdkAppId: '1400000001',
          TemplateId: '1000004',
          ...(JSON.parse(safeJson(given)) as object),
        }
        const response = await clouds.fetch(tc3Request('SendSms', body))
        expect(response.status).toBe(200)
        await response.json()
      }),
      { numRuns: 150 },
    )
    expect(clouds.control.requests().some(({ code }) => code === 'crash')).toBe(false)
  })

  it('get no further by asking for what is known', async () => {
    const clouds = createClouds()
    clouds.control.setReceipts({ delay: 0 })
    await clouds.fetch(sampleRequest('aliyun-sms'))
    await clouds.fetch(sampleRequest('aliyun-dm'))
    await clouds.fetch(sampleRequest('tencent-sms'))
    const value = fc.oneof(text, fc.constantFrom('13800138000', '20260102', '1', '50', '2026-01-02 10:00'))
    const sms = {
      QuerySendDetails: ['PhoneNumber', 'SendDate', 'PageSize', 'CurrentPage', 'BizId'],
      GetSmsSign: ['SignName'],
      QuerySmsTemplate: ['TemplateCode'],
      QuerySmsTemplateList: ['PageIndex', 'PageSize'],
    }
    const mail = {
      QueryMailAddressByParam: ['KeyWord', 'Sendtype', 'PageNo', 'PageSize'],
      QueryDomainByParam: ['KeyWord', 'Status', 'PageNo'],
      SenderStatisticsDetailByParam: ['ToAddress', 'StartTime', 'EndTime', 'Status', 'Length', 'NextStart'],
    }
    for (const [version, host, actions] of [
      ['2017-05-25', 'dysmsapi.aliyuncs.com', sms],
      ['2015-11-23', 'dm.aliyuncs.com', mail],
    ] as const) {
      for (const [action, names] of Object.entries(actions)) {
        const parameters = fc.dictionary(fc.constantFrom(...names, 'Format'), value)
        await fc.assert(
          fc.asyncProperty(parameters, async given => {
            const pairs = Object.entries(given).map(([name, entry]) => [name, entry.toWellFormed()])
            const request = rpcRequest(action, version, Object.fromEntries(pairs), { host })
            expect((await (await clouds.fetch(request)).text()).length).toBeGreaterThan(2)
          }),
          { numRuns: 40 },
        )
      }
    }
    const tencent = {
      DescribeSmsSignList: ['International', 'SignIdSet', 'Limit', 'Offset'],
      DescribeSmsTemplateList: ['International', 'TemplateIdSet', 'Limit', 'Offset'],
      PullSmsSendStatus: ['Limit'],
      PullSmsSendStatusByPhoneNumber: ['PhoneNumber', 'BeginTime', 'EndTime', 'Offset', 'Limit'],
      DescribeSendRecordList: ['PhoneNumber', 'BeginTime', 'EndTime', 'Offset', 'Limit'],
      DescribePhoneNumberInfo: ['PhoneNumberSet'],
      SendStatusStatistics: ['BeginTime', 'EndTime', 'Limit', 'Offset'],
    }
    for (const [action, names] of Object.entries(tencent)) {
      const members = fc.dictionary(
        fc.constantFrom(...names),
        fc.oneof(fc.anything(), fc.integer(), fc.array(fc.integer()), fc.array(text), value),
      )
      await fc.assert(
        fc.asyncProperty(members, async given => {
          const application = action.startsWith('Describe') ? {} : { SmsSdkAppId: '1400000001' }
          const body = { ...application, ...(JSON.parse(safeJson(given)) as object) }
          const response = await clouds.fetch(tc3Request(action, body))
          expect(await response.json()).toMatchObject({ Response: { RequestId: expect.any(String) } })
        }),
        { numRuns: 40 },
      )
    }
    expect(clouds.control.requests().filter(({ code }) => code === 'crash')).toEqual([])
  })

  it('are not read beyond the limit', async () => {
    const clouds = createClouds()
    const huge = 'x'.repeat(11 * 1024 * 1024)
    for (const host of hosts) {
      const response = await clouds.fetch(new Request(`https://${host}/`, { method: 'POST', body: huge }))
      expect(await response.text()).toMatch(/RequestEntityTooLarge|RequestSizeLimitExceeded/)
    }
  })
})

/** As JSON, with what JSON does not know left out. */
function safeJson(value: object): string {
  return JSON.stringify(value, (_, entry) => (typeof entry === 'bigint' ? String(entry) : entry)) ?? '{}'
}
