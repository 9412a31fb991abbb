import { type CloudId, createClouds } from '../index.ts'
import { rpcRequest, tc3Request } from '../signed-requests.ts'

export const NOW = Date.parse('2026-01-02T10:00:00+08:00')
export const MINUTE = 60_000
export const URLS: Record<CloudId, string> = {
  'aliyun-sms': 'http://127.0.0.1:8080/aliyun',
  'aliyun-pnvs': 'http://127.0.0.1:8080/pnvs',
  'aliyun-dm': 'http://localhost:8080/mail',
  'tencent-sms': 'http://[::1]:8080/tencent',
}
export const CLOUDS = Object.keys(URLS) as CloudId[]
const ACKNOWLEDGED: Record<CloudId, string> = {
  'aliyun-sms': '{"code":0,"msg":"ok"}',
  'aliyun-pnvs': '{"code":0,"msg":"ok"}',
  'aliyun-dm': '',
  'tencent-sms': '{"result":0,"errmsg":"OK"}',
}

/** Simulators whose pushes land in a list, with a callback set for every cloud. */
export function setUp(answer: (cloud: CloudId, pushed: number) => Response | Promise<Response>) {
  let now = NOW
  const pushes: { cloud: CloudId; at: number; request: Request; body: unknown }[] = []
  const clouds = createClouds({
    now: () => now,
    frequencyControl: false,
    async push(request) {
      const cloud = CLOUDS.find(id => URLS[id] === request.url)!
      pushes.push({ cloud, at: now, request, body: await request.clone().json() })
      return answer(cloud, pushes.length)
    },
  })
  for (const cloud of CLOUDS) clouds.control.setCallback(cloud, { url: URLS[cloud] })
  const send: Record<CloudId, (to: string) => Promise<unknown>> = {
    'aliyun-sms': async to => {
      const about = {
        SignName: '示例应用',
        TemplateCode: 'SMS_100000002',
        TemplateParam: '{"code":"123456"}',
      }
      const sms = { ...about, PhoneNumbers: to.replace('+86', ''), OutId: 'attempt-7' }
      return (await clouds.fetch(rpcRequest('SendSms', '2017-05-25', sms, { at: now }))).json()
    },
    'aliyun-pnvs': async to => {
      const about = {
        SignName: '示例赠送签名',
        TemplateCode: '100001',
        TemplateParam: '{"code":"123456","min":"10"}',
      }
      const code = { ...about, PhoneNumber: to.replace('+86', ''), OutId: 'attempt-7' }
      const signing = { host: 'dypnsapi.aliyuncs.com', at: now }
      return (await clouds.fetch(rpcRequest('SendSmsVerifyCode', '2017-05-25', code, signing))).json()
    },
    'aliyun-dm': async to => {
      const mail = {
        AccountName: 'noreply@mail.example.com',
        AddressType: '1',
        ReplyToAddress: 'false',
        ToAddress: to,
        Subject: '验证码',
        TextBody: '123456',
        TagName: 'verification',
        Headers: JSON.stringify({ 'X-User-Notify-Attempt': 'attempt-7', 'X-User-Other': 'x' }),
      }
      const signing = { host: 'dm.aliyuncs.com', at: now }
      return (await clouds.fetch(rpcRequest('SingleSendMail', '2015-11-23', mail, signing))).json()
    },
    'tencent-sms': async to => {
      const sms = {
        PhoneNumberSet: [to],
        SmsSdkAppId: '1400000001',
        SignName: '示例应用',
        TemplateId: '1000004',
        TemplateParamSet: ['123456'],
        SessionContext: 'attempt-7',
      }
      return (await clouds.fetch(tc3Request('SendSms', sms, { at: now }))).json()
    },
  }
  const wait = (ms: number) => {
    now += ms
  }
  return { clouds, control: clouds.control, send, pushes, wait }
}

export const acknowledging = () => setUp(cloud => new Response(ACKNOWLEDGED[cloud]))
export const recipient = (cloud: CloudId) => (cloud === 'aliyun-dm' ? 'ada@example.com' : '+8613800138000')
