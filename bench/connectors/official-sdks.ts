import { CODE, CONTENT, type ConnectorName, MAIL, PHONE, SETTINGS, type Send, SUBJECT } from './senders.ts'

// The SDKs are CommonJS with a `default` that Node hands over as a member.
const classOf = <T extends { default: unknown }>(module: { default: T }): T['default'] =>
  module.default.default

const { accessKeyId, accessKeySecret } = SETTINGS['aliyun-sms'] as Record<string, string>

async function aliyunConfig(endpoint: string) {
  const { $OpenApiUtil } = await import('@alicloud/openapi-core')
  return new $OpenApiUtil.Config({ accessKeyId, accessKeySecret, endpoint })
}

const clients: Record<ConnectorName, () => Promise<Send>> = {
  async 'aliyun-sms'() {
    const module = await import('@alicloud/dysmsapi20170525')
    const client = new (classOf(module))(await aliyunConfig('dysmsapi.aliyuncs.com'))
    return async () => {
      const request = new module.SendSmsRequest({
        phoneNumbers: PHONE.slice(2),
        signName: '示例应用',
        templateCode: 'SMS_154950909',
        templateParam: JSON.stringify({ code: CODE }),
      })
      const { body } = await client.sendSms(request)
      if (body?.code !== 'OK') throw new Error(body?.code)
    }
  },
  async 'aliyun-dm'() {
    const module = await import('@alicloud/dm20151123')
    const client = new (classOf(module))(await aliyunConfig('dm.aliyuncs.com'))
    return async () => {
      const request = new module.SingleSendMailRequest({
        accountName: 'noreply@mail.example.com',
        addressType: 1,
        replyToAddress: false,
        toAddress: MAIL,
        fromAlias: 'Example',
        subject: SUBJECT,
        htmlBody: CONTENT.replace('{{code}}', CODE),
      })
      const { body } = await client.singleSendMail(request)
      if (!body?.envId) throw new Error('no EnvId')
    }
  },
  async 'tencent-sms'() {
    const { default: tencentcloud } = await import('tencentcloud-sdk-nodejs-sms')
    const client = new tencentcloud.sms.v20210111.Client({
      credential: { secretId: accessKeyId!, secretKey: accessKeySecret! },
      region: 'ap-guangzhou',
    })
    return async () => {
      const answer = await client.SendSms({
        PhoneNumberSet: [`+${PHONE}`],
        SmsSdkAppId: '1400006666',
        SignName: '示例应用',
        TemplateId: '1110',
        TemplateParamSet: [CODE],
      })
      if (answer.SendStatusSet?.[0]?.Code !== 'Ok') throw new Error(answer.SendStatusSet?.[0]?.Code)
    }
  },
}

/** The cloud's own SDK, one client for all sends, otherwise as it comes. */
export const officialSdk = (name: ConnectorName): Promise<Send> => clients[name]()
