import { explain, FAILURES, type Failure, RECEIPT_ADVICE } from '@countersign/kit'
import { describe, expect, test } from 'vitest'
import {
  DOCUMENTED_CODES as ALIYUN_DM,
  DOCUMENTED_RECEIPT_CODES as ALIYUN_DM_RECEIPTS,
} from './aliyun-dm/documented-codes.ts'
import { DOCUMENTED_CODES as ALIYUN_PNVS } from './aliyun-pnvs/documented-codes.ts'
import {
  DOCUMENTED_CODES as ALIYUN_SMS,
  DOCUMENTED_RECEIPT_CODES as ALIYUN_SMS_RECEIPTS,
} from './aliyun-sms/documented-codes.ts'
import { ownFailures } from './failure-table.ts'
import { aliyunDm, aliyunPnvs, aliyunSms, connectors, tencentSms } from './index.ts'
import {
  DOCUMENTED_CODES as TENCENT_SMS,
  DOCUMENTED_RECEIPT_CODES as TENCENT_SMS_RECEIPTS,
} from './tencent-sms/documented-codes.ts'
import { expectLinked } from './testing.ts'

/** What the connector for PNVS finds before it asks. */
const beforeAsking = ['mainland_only', 'mobile_only']

/** Codes that stand in no table of the documents, but in their samples, or follow from `Missing<Param>` there. */
const FROM_ELSEWHERE = [
  'MissingAddressType',
  'MissingReplyToAddress',
  'MissingToAddress',
  'MissingSubject',
  'MissingParameter',
  'MissingParameter.AccountName',
  'InvalidParameter',
  'InvalidAccessKeyId',
  'Signature',
  'AuthFailure',
  // Cut off like this in a sample answer.
  'FailedOperation.TemplateParamSetNotMatchApprovedTemplat',
]

describe.each([
  ['aliyun-sms', aliyunSms.failures, ALIYUN_SMS, 95],
  ['aliyun-pnvs', aliyunPnvs.failures, ALIYUN_PNVS, 65],
  ['aliyun-dm', aliyunDm.failures, ALIYUN_DM, 60],
  ['tencent-sms', tencentSms.failures, TENCENT_SMS, 110],
] as const)('the table of %s', (_, failures, documented, least) => {
  const codes = Object.keys(failures)

  test('has every code of the provider’s documents', () => {
    expect(documented.length).toBeGreaterThan(least)
    expect(documented.filter(code => !codes.includes(code))).toEqual([])
  })

  test('has no code that nobody documents', () => {
    const known = [...documented, ...FROM_ELSEWHERE, ...Object.keys(ownFailures), ...beforeAsking]
    expect(codes.filter(code => !known.includes(code))).toEqual([])
  })

  test('says of each code what it means and what to do, in English and Chinese', () => {
    for (const { meaning, remedy } of Object.values(failures))
      for (const text of [meaning, remedy]) {
        expect(text.en).toMatch(/^[A-Z].{8,}[.]$/)
        expect(text['zh-CN']).toMatch(/[\u4e00-\u9fff].*[。]$/)
      }
  })

  test('links the pages that a remedy names, and the document that explains the code', () => {
    for (const [code, { remedy, links, source }] of Object.entries(failures)) {
      expectLinked(remedy, links, code)
      const document = links?.at(-1)?.href ?? ''
      if (source !== 'Countersign') expect(document, code).toMatch(/document|troubleshoot\?q=/)
    }
  })
})

describe.each(connectors)('of a code that nobody knows, $id', connector => {
  test.each(Object.keys(FAILURES) as Failure[])('links the pages that the remedy of %s names', failure => {
    const { remedy, links } = explain(connector.failures, failure, 'NOBODY_KNOWS', connector.pagesIn)
    expectLinked(remedy, links, failure)
  })
})

test('every code of the documents stands there once', () => {
  for (const codes of [ALIYUN_SMS, ALIYUN_PNVS, ALIYUN_DM, TENCENT_SMS])
    expect(new Set(codes).size).toBe(codes.length)
})

/** Codes of receipts that stand in samples of the documents and in no table; of mails, numbers of RFC 5321 as well. */
const RECEIPTS_FROM_ELSEWHERE = /^(?:SP_UNKNOW_ERROR|SendOk|[245]\d\d)$/

describe.each([
  ['aliyun-sms', aliyunSms.receipts!.codes, ALIYUN_SMS_RECEIPTS],
  ['aliyun-pnvs', aliyunPnvs.receipts!.codes, ALIYUN_SMS_RECEIPTS],
  ['aliyun-dm', aliyunDm.receipts!.codes, ALIYUN_DM_RECEIPTS],
  ['tencent-sms', tencentSms.receipts!.codes, TENCENT_SMS_RECEIPTS],
] as const)('what carriers say by %s', (_, codes, documented) => {
  test('has every code of the provider’s documents, and none that nobody documents', () => {
    expect(documented.length).toBeGreaterThan(20)
    expect(documented.filter(code => !Object.hasOwn(codes, code))).toEqual([])
    const known = (code: string) => documented.includes(code) || RECEIPTS_FROM_ELSEWHERE.test(code)
    expect(Object.keys(codes).filter(code => !known(code))).toEqual([])
  })

  test('is explained in English and Chinese, with what to do, its document, and advice of the closed list', () => {
    for (const [code, { meaning, remedy, advice, links, source }] of Object.entries(codes)) {
      for (const text of [meaning, remedy]) {
        expect(text.en, code).toMatch(/^[A-Z].{8,}[.]$/)
        expect(text['zh-CN'], code).toMatch(/[\u4e00-\u9fff].*[。]$/)
      }
      if (advice !== undefined) expect(RECEIPT_ADVICE, code).toContain(advice)
      expectLinked(remedy, links, code)
      expect(links?.at(-1)?.href, code).toMatch(/document/)
      expect(source, code).toMatch(/document|UNVERIFIED/)
    }
  })
})
