import DmModule, * as dm from '@alicloud/dm20151123'
import SmsModule, * as sms from '@alicloud/dysmsapi20170525'
import { $OpenApiUtil } from '@alicloud/openapi-core'
import tencentcloud from 'tencentcloud-sdk-nodejs-sms'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { beijingTime } from './beijing.ts'
import { type RunningSimulators, startSimulators } from './index.ts'

// The SDKs are CommonJS with a `default` that Node hands over as a member and other loaders as the import itself.
const SmsClient = SmsModule.default ?? SmsModule
const DmClient = DmModule.default ?? DmModule

let simulators: RunningSimulators
beforeAll(async () => {
  simulators = await startSimulators({ ports: { site: 0 }, quiet: true })
  simulators.clouds.control.setReceipts({ delay: 0 })
})
afterAll(() => simulators.close())
beforeEach(() => simulators.clouds.control.reset())

const endpoint = () => new URL(simulators.addresses.site!).host
const aliyun = (keyId: string, secret: string) =>
  new $OpenApiUtil.Config({
    accessKeyId: keyId,
    accessKeySecret: secret,
    endpoint: endpoint(),
    protocol: 'HTTP',
  })
const ok = () => aliyun('LTAI-simulated-ok', 'simulated-secret-ok')
const sendOnly = () => aliyun('LTAI-simulated-send-only', 'simulated-secret-send-only')
const today = () => beijingTime(Date.now()).slice(0, 10).replaceAll('-', '')

describe('the Aliyun SMS SDK', () => {
  const client = (config = ok()) => new SmsClient(config)
  const send = (phoneNumbers: string, config = ok()) =>
    client(config).sendSms(
      new sms.SendSmsRequest({
        phoneNumbers,
        signName: '示例应用',
        templateCode: 'SMS_100000002',
        templateParam: JSON.stringify({ code: '246810' }),
        outId: 'attempt-7',
      }),
    )

  it.each([
    ['示例应用', 1, undefined],
    ['待审签名', 0, undefined],
    ['驳回签名', 2, '文件不能证明信息真实性，请重新上传'],
    ['撤回签名', 10, undefined],
  ])(
    'reads the review of the signature %s, by the old action and the new one',
    async (signName, status, reason) => {
      const old = await client().querySmsSign(new sms.QuerySmsSignRequest({ signName }))
      expect(old.body).toMatchObject({ code: 'OK', signName, signStatus: status, reason: reason ?? '' })
      const { body } = await client().getSmsSign(new sms.GetSmsSignRequest({ signName }))
      expect(body).toMatchObject({ code: 'OK', signName, signStatus: status })
      expect(body?.auditInfo?.rejectInfo).toBe(reason)
      expect(body?.signIspRegisterDetailList?.map(({ operatorCode }) => operatorCode)).toHaveLength(3)
    },
  )

  it.each([
    ['SMS_100000002', 1, 0, undefined],
    ['SMS_100000021', 1, 3, undefined],
    ['SMS_100000031', 0, 0, undefined],
    ['SMS_100000032', 2, 0, '验证码模板中不能包含营销内容'],
    ['SMS_100000033', 10, 0, undefined],
  ])('reads the review of the template %s, by the old action and the new one', async (...row) => {
    const [templateCode, status, type, reason] = row
    const old = await client().querySmsTemplate(new sms.QuerySmsTemplateRequest({ templateCode }))
    expect(old.body).toMatchObject({ code: 'OK', templateCode, templateStatus: status, templateType: type })
    expect(old.body?.reason).toBe(reason ?? '无审批备注')
    const { body } = await client().getSmsTemplate(new sms.GetSmsTemplateRequest({ templateCode }))
    expect(body).toMatchObject({ templateCode, templateStatus: String(status), templateType: String(type) })
    expect(body?.auditInfo?.rejectInfo).toBe(reason)
    expect(body?.templateContent).toContain(['$', '{code}'].join(''))
  })

  it('is told of signatures and templates that the account does not have', async () => {
    const signature = await client().getSmsSign(new sms.GetSmsSignRequest({ signName: '没有' }))
    expect(signature.body?.code).toBe('isv.SMS_SIGNATURE_ILLEGAL')
    const template = await client().getSmsTemplate(new sms.GetSmsTemplateRequest({ templateCode: 'SMS_1' }))
    expect(template.body?.code).toBe('isv.SMS_TEMPLATE_ILLEGAL')
  })

  it('reads all reviews by pages', async () => {
    const signatures = await client().querySmsSignList(
      new sms.QuerySmsSignListRequest({ pageIndex: 2, pageSize: 4 }),
    )
    expect(signatures.body).toMatchObject({ totalCount: 6, currentPage: 2, pageSize: 4 })
    expect(signatures.body?.smsSignList?.map(({ auditStatus }) => auditStatus)).toEqual([
      'AUDIT_STATE_NOT_PASS',
      'AUDIT_STATE_CANCEL',
    ])
    const templates = await client().querySmsTemplateList(
      new sms.QuerySmsTemplateListRequest({ pageSize: 50 }),
    )
    const rejected = templates.body?.smsTemplateList?.find(
      ({ auditStatus }) => auditStatus === 'AUDIT_STATE_NOT_PASS',
    )
    expect(rejected).toMatchObject({
      templateCode: 'SMS_100000032',
      templateType: 2,
      outerTemplateType: 0,
      reason: { rejectInfo: '验证码模板中不能包含营销内容' },
    })
    const wrong = await client().querySmsSignList(new sms.QuerySmsSignListRequest({ pageSize: 51 }))
    expect(wrong.body?.code).toBe('isv.INVALID_PARAMETERS')
  })

  it('tells whether the code of a message abroad was used', async () => {
    const abroad = new sms.SendSmsRequest({
      phoneNumbers: '85261234567',
      signName: 'Example',
      templateCode: 'SMS_100000024',
      templateParam: JSON.stringify({ code: '246810' }),
    })
    const messageId = (await client().sendSms(abroad)).body!.bizId!
    const tell = async (more: object, config = ok()) => {
      const request = new sms.SmsConversionIntlRequest({ messageId, delivered: true, ...more })
      return (await client(config).smsConversionIntl(request)).body?.code
    }
    const now = Date.now()
    expect(await tell({ conversionTime: now })).toBe('OK')
    expect(await tell({ delivered: false })).toBe('OK')
    const conversions = [
      { used: true, at: now },
      { used: false, at: expect.any(Number) },
    ]
    expect(simulators.clouds.control.receipts()[0]).toMatchObject({ messageId, conversions })
    for (const wrong of [
      { messageId: '900619746936498440^0' },
      { messageId: (await send('13800138000')).body!.bizId! },
      { conversionTime: Math.floor(now / 1000) },
      { conversionTime: now + 60_000 },
    ])
      expect(await tell(wrong)).toBe('isv.INVALID_PARAMETERS')
    expect(await tell({}, sendOnly())).toBe('isp.RAM_PERMISSION_DENY')
    await expect(tell({ delivered: undefined })).rejects.toMatchObject({ code: 'MissingDelivered' })
    await expect(tell({ messageId: undefined })).rejects.toMatchObject({ code: 'MissingMessageId' })
    await expect(tell({ delivered: 'yes' })).rejects.toMatchObject({ code: 'InvalidDelivered' })
  })

  it('reads what became of messages', async () => {
    const sent = (await send('13800138000')).body
    await send('13900010021')
    await send('13900010000')
    const details = async (phoneNumber: string, bizId?: string) =>
      (
        await client().querySendDetails(
          new sms.QuerySendDetailsRequest({
            phoneNumber,
            bizId,
            sendDate: today(),
            pageSize: 10,
            currentPage: 1,
          }),
        )
      ).body
    expect(await details('13800138000', sent?.bizId)).toMatchObject({
      code: 'OK',
      totalCount: '1',
      smsSendDetailDTOs: {
        smsSendDetailDTO: [
          {
            phoneNum: '13800138000',
            sendStatus: 3,
            errCode: 'DELIVERED',
            outId: 'attempt-7',
            templateCode: 'SMS_100000002',
            content: expect.stringContaining('【示例应用】'),
            receiveDate: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
          },
        ],
      },
    })
    const failed = (await details('13900010021'))?.smsSendDetailDTOs?.smsSendDetailDTO?.[0]
    expect(failed).toMatchObject({ sendStatus: 2, errCode: 'MOBILE_IN_BLACK' })
    const waiting = (await details('13900010000'))?.smsSendDetailDTOs?.smsSendDetailDTO?.[0]
    expect(waiting).toMatchObject({ sendStatus: 1 })
    expect(waiting?.receiveDate).toBeUndefined()
    expect(await details('13800138000', '1^0')).toMatchObject({ totalCount: '0' })
  })

  it.each(['2026', '20260230', '20200101', '2026-01-02'])(
    'is refused details of the day %s',
    async sendDate => {
      const request = { phoneNumber: '13800138000', sendDate, pageSize: 10, currentPage: 1 }
      const { body } = await client().querySendDetails(new sms.QuerySendDetailsRequest(request))
      expect(body?.code).toBe('isv.INVALID_PARAMETERS')
    },
  )

  it('sends with the least permission, and may do nothing else', async () => {
    expect((await send('13800138000', sendOnly())).body?.code).toBe('OK')
    const request = new sms.GetSmsSignRequest({ signName: '示例应用' })
    expect((await client(sendOnly()).getSmsSign(request)).body?.code).toBe('isp.RAM_PERMISSION_DENY')
  })
})

describe('the Direct Mail SDK', () => {
  const client = (config = ok()) => new DmClient(config)
  const send = (toAddress: string, config = ok()) =>
    client(config).singleSendMail(
      new dm.SingleSendMailRequest({
        accountName: 'noreply@mail.example.com',
        addressType: 1,
        replyToAddress: false,
        toAddress,
        subject: '验证码',
        textBody: '246810',
        tagName: 'verification',
      }),
    )

  it('reads the state of the account, which knows its balance', async () => {
    const summary = async () => (await client().descAccountSummary(new dm.DescAccountSummaryRequest({}))).body
    expect(await summary()).toMatchObject({
      userStatus: 0,
      dailyQuota: 2000,
      dailyRemainFreeQuota: 2000,
      mailAddresses: 4,
      domains: 1,
      ipChannelType: 'normal',
    })
    simulators.clouds.control.setBalance('LTAI-simulated-ok', 0)
    expect(await summary()).toMatchObject({ dailyRemainFreeQuota: 0, remainFreeQuota: 0 })
  })

  it('reads sender addresses and domains with their states', async () => {
    const { body } = await client().queryMailAddressByParam(new dm.QueryMailAddressByParamRequest({}))
    expect(body).toMatchObject({ totalCount: 4, pageNumber: 1, pageSize: 10 })
    const states = body?.data?.mailAddress?.map(({ accountName, accountStatus, domainStatus, sendtype }) =>
      [accountName?.split('@')[0], accountStatus, domainStatus, sendtype].join(' '),
    )
    expect(states).toEqual([
      'noreply 0 0 trigger',
      'unverified 0 1 trigger',
      'frozen 1 0 trigger',
      'news 0 0 batch',
    ])
    const one = new dm.QueryMailAddressByParamRequest({ keyWord: 'frozen@', sendtype: 'trigger' })
    expect((await client().queryMailAddressByParam(one)).body?.totalCount).toBe(1)
    const domains = await client().queryDomainByParam(new dm.QueryDomainByParamRequest({ status: 0 }))
    expect(domains.body?.data?.domain).toMatchObject([{ domainName: 'mail.example.com', domainStatus: '0' }])
  })

  it('reads what became of mails, by one filter and by pages', async () => {
    for (const to of ['ada@example.com', 'smtpnxbox@example.com', 'noreceipt@example.com']) await send(to)
    const statistics = async (query: Record<string, unknown>) =>
      (await client().senderStatisticsDetailByParam(new dm.SenderStatisticsDetailByParamRequest(query))).body
    const first = await statistics({ tagName: 'verification', length: 1 })
    expect(first?.data?.mailDetail).toMatchObject([
      { toAddress: 'smtpnxbox@example.com', status: 2, errorClassification: 'SmtpNxBox', subject: '验证码' },
    ])
    const second = await statistics({ tagName: 'verification', length: 1, nextStart: first?.nextStart })
    expect(second?.data?.mailDetail).toMatchObject([
      { toAddress: 'ada@example.com', status: 0, message: '250 Send Mail OK', errorClassification: 'SendOk' },
    ])
    expect(second?.nextStart).toBe('')
    expect((await statistics({ toAddress: 'noreceipt@example.com' }))?.data?.mailDetail).toEqual([])
    expect((await statistics({ status: 2 }))?.data?.mailDetail).toHaveLength(1)
    await expect(statistics({ toAddress: 'a@example.com', tagName: 'x' })).rejects.toMatchObject({
      statusCode: 400,
    })
    const span = { startTime: '2026-01-01 00:00', endTime: '2026-03-01 00:00' }
    await expect(statistics(span)).rejects.toMatchObject({ code: 'InvalidBetweenTime.Malformed' })
  })

  it('sends with the least permission, and may do nothing else', async () => {
    expect((await send('ada@example.com', sendOnly())).body?.envId).toBeDefined()
    const query = client(sendOnly()).descAccountSummary(new dm.DescAccountSummaryRequest({}))
    await expect(query).rejects.toMatchObject({ code: 'Forbidden.RAM', statusCode: 403 })
  })
})

describe('the Tencent Cloud SDK', () => {
  const client = (secretId = 'AKID-simulated-ok', secretKey = 'simulated-secret-ok', reqMethod?: 'GET') =>
    new tencentcloud.sms.v20210111.Client({
      credential: { secretId, secretKey },
      region: 'ap-guangzhou',
      profile: {
        httpProfile: { endpoint: endpoint(), protocol: 'http://', ...(reqMethod && { reqMethod }) },
      },
    })
  const application = '1400000001'
  const send = (number: string, from = client()) =>
    from.SendSms({
      PhoneNumberSet: [number],
      SmsSdkAppId: application,
      SignName: '示例应用',
      TemplateId: '1000002',
      TemplateParamSet: ['246810'],
    })

  it('tells that a code was used, where the cloud has enabled it', async () => {
    const SerialNo = (await send('+8613800138000')).SendStatusSet![0]!.SerialNo!
    const tell = async (more: object, from = client()) => {
      const request = { SmsSdkAppId: application, SerialNo, ...more }
      return (await from.ReportConversion(request)).ReportConversionStatus?.Code
    }
    const ConversionTime = Math.floor(Date.now() / 1000)
    expect((await tell({ ConversionTime }))?.toLowerCase()).toBe('ok')
    expect((await tell({}))?.toLowerCase()).toBe('ok')
    const conversions = [{ used: true, at: ConversionTime * 1000 }, { used: true }]
    expect(simulators.clouds.control.receipts()[0]).toMatchObject({ conversions })
    expect((await tell({ SerialNo: '2019:0' }))?.toLowerCase()).not.toBe('ok')
    await expect(tell({ ConversionTime: Date.now() })).rejects.toMatchObject({
      code: 'InvalidParameterValue',
    })
    await expect(tell({ SmsSdkAppId: '1400000002' })).rejects.toMatchObject({
      code: 'UnauthorizedOperation.RequestPermissionDeny',
    })
    const denied = client('AKID-simulated-send-only', 'simulated-secret-send-only')
    await expect(tell({}, denied)).rejects.toMatchObject({ code: 'UnauthorizedOperation' })
    await expect(tell({ SerialNo: undefined })).rejects.toMatchObject({ code: 'MissingParameter' })
  })

  it.each([undefined, 'GET'] as const)('reads reviews of signatures (%s)', async method => {
    const { DescribeSignListStatusSet: list } = await client(
      undefined,
      undefined,
      method,
    ).DescribeSmsSignList({
      International: 0,
      SignIdSet: [300001, 300002, 300003, 300004, 999999],
    })
    expect(list?.map(({ SignId, SignName, StatusCode }) => [SignId, SignName, StatusCode])).toEqual([
      [300001, '示例应用', 0],
      [300002, '待审签名', 1],
      [300003, '驳回签名', -1],
      [300004, '待生效签名', 2],
    ])
    expect(list?.[2]?.ReviewReply).toBe('签名与资质不符，请补充证明材料')
  })

  it('reads reviews of templates, and none without a limit or ids', async () => {
    const list = async (query: object) =>
      (await client().DescribeSmsTemplateList({ International: 0, ...query })).DescribeTemplateStatusSet
    expect(await list({ TemplateIdSet: [1000032] })).toMatchObject([
      { TemplateId: 1000032, International: 0, StatusCode: -1, ReviewReply: '验证码模板中不能包含营销内容' },
    ])
    expect(await list({})).toEqual([])
    expect(await list({ Limit: 2, Offset: 1 })).toMatchObject([
      { TemplateId: 1000002 },
      { TemplateId: 1000003 },
    ])
    expect(await list({ International: 1, Limit: 100 })).toHaveLength(4)
    await expect(list({ International: 2 })).rejects.toMatchObject({
      code: 'InvalidParameterValue.InvalidInternational',
    })
    await expect(list({ Limit: 101 })).rejects.toMatchObject({
      code: 'InvalidParameterValue.LimitVerifyFail',
    })
  })

  it('pulls receipts of one number as often as it likes, and all receipts once', async () => {
    const [sent] = (await send('+8613800138000')).SendStatusSet ?? []
    await send('+8613900010021')
    await send('+8613900010000')
    const seconds = Math.floor(Date.now() / 1000)
    const pull = async (PhoneNumber: string, change: object = {}) =>
      (
        await client().PullSmsSendStatusByPhoneNumber({
          SmsSdkAppId: application,
          PhoneNumber,
          BeginTime: seconds - 60,
          Offset: 0,
          Limit: 10,
          ...change,
        })
      ).PullSmsSendStatusSet
    for (let times = 0; times < 2; times++) {
      expect(await pull('+8613800138000')).toMatchObject([
        {
          SerialNo: sent?.SerialNo,
          PhoneNumber: '+8613800138000',
          CountryCode: '86',
          SubscriberNumber: '13800138000',
          ReportStatus: 'SUCCESS',
          Description: 'DELIVRD',
          UserReceiveTime: expect.any(Number),
        },
      ])
    }
    expect(await pull('+8613900010021')).toMatchObject([{ ReportStatus: 'FAIL', Description: 'TD:0001' }])
    expect(await pull('+8613900010000')).toEqual([])
    await expect(pull('+8613800138000', { BeginTime: 1 })).rejects.toMatchObject({
      code: 'InvalidParameterValue.BeginTimeVerifyFail',
    })
    await expect(pull('+8613800138000', { Offset: 1 })).rejects.toMatchObject({
      code: 'InvalidParameterValue.OffsetVerifyFail',
    })
    const all = async () =>
      (await client().PullSmsSendStatus({ SmsSdkAppId: application, Limit: 100 })).PullSmsSendStatusSet
    expect(await all()).toHaveLength(2)
    expect(await all()).toEqual([])
  })

  it('reads the records of one number, reported or not', async () => {
    const [sent] = (await send('+8613800138000')).SendStatusSet ?? []
    await send('+8613900010021')
    await send('+8613900010000')
    const seconds = Math.floor(Date.now() / 1000)
    const records = (PhoneNumber: string, change: object = {}) =>
      client().DescribeSendRecordList({
        SmsSdkAppId: application,
        PhoneNumber,
        BeginTime: seconds - 60,
        ...change,
      })
    const { SendRecordSet: list, TotalCount } = await records('+8613800138000')
    expect(TotalCount).toBe(1)
    expect(list).toMatchObject([
      {
        SerialNo: sent?.SerialNo,
        PhoneNumber: '+8613800138000',
        SendStatus: 2,
        RequestCode: 'Ok',
        StatusCode: 'DELIVRD',
        IsoCode: 'CN',
        SendTime: expect.any(Number),
        Content: expect.not.stringContaining('246810'),
      },
    ])
    const [failed] = (await records('+8613900010021')).SendRecordSet ?? []
    expect(failed).toMatchObject({ SendStatus: 4, StatusCode: 'TD:0001', UserReceiveTime: 0 })
    const [waiting] = (await records('+8613900010000')).SendRecordSet ?? []
    expect(waiting).toMatchObject({ SendStatus: 3, StatusCode: '' })
    for (const [change, code] of [
      [{ BeginTime: seconds - 73 * 3600 }, 'InvalidParameterValue.BeginTimeVerifyFail'],
      [{ EndTime: seconds + 3600 }, 'InvalidParameterValue.EndTimeVerifyFail'],
      [{ Limit: 51 }, 'InvalidParameterValue.LimitVerifyFail'],
      [{ Offset: 1001 }, 'InvalidParameterValue.OffsetVerifyFail'],
    ] as const)
      await expect(records('+8613800138000', change)).rejects.toMatchObject({ code })
  })

  it('has numbers read as SendSms reads them', async () => {
    const { PhoneNumberInfoSet: infos } = await client().DescribePhoneNumberInfo({
      PhoneNumberSet: ['13800138000', '+86018501234444', '+12015550123', 'nobody'],
    })
    expect(
      infos?.map(({ Code, PhoneNumber, NationCode, IsoCode }) => [Code, PhoneNumber, NationCode, IsoCode]),
    ).toEqual([
      ['Ok', '+8613800138000', '86', 'CN'],
      ['Ok', '+8618501234444', '86', 'CN'],
      ['Ok', '+12015550123', '1', 'US'],
      ['InvalidParameterValue.IncorrectPhoneNumber', 'nobody', '', ''],
    ])
    expect(infos?.[2]?.IsoName).toBe('United States')
  })

  it('counts submissions by the hour', async () => {
    const hour = () => beijingTime(Date.now()).slice(0, 13).replace(/[- ]/g, '')
    const BeginTime = hour()
    await send('+8613800138000')
    await send('+8613900000001')
    const span = { BeginTime, EndTime: hour(), SmsSdkAppId: application, Limit: 0, Offset: 0 }
    const { SendStatusStatistics: counts } = await client().SendStatusStatistics(span)
    expect(counts).toEqual({ FeeCount: 1, RequestCount: 2, RequestSuccessCount: 1 })
  })

  it('sends with the least permission, and may do nothing else', async () => {
    const limited = client('AKID-simulated-send-only', 'simulated-secret-send-only')
    expect((await send('+8613800138000', limited)).SendStatusSet?.[0]?.Code).toBe('Ok')
    await expect(limited.DescribeSmsSignList({ International: 0 })).rejects.toMatchObject({
      code: 'UnauthorizedOperation',
    })
  })
})
