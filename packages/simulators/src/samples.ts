import type { CloudId } from './cloud-ids.ts'

const usageTypes = ['Register', 'SignIn', 'ForgotPassword', 'Generic'] as const

const smsTemplates = (codes: [string, string, string, string]) =>
  usageTypes.map((usageType, index) => ({ usageType, templateCode: codes[index] }))

const mail = (purpose: string) =>
  [
    '<!doctype html><html lang="zh-CN"><body style="margin:0;padding:24px;background:#f4f5f7">',
    '<div style="max-width:480px;margin:0 auto;padding:32px;background:#fff;border-radius:12px;',
    'font:16px/1.6 -apple-system,Segoe UI,PingFang SC,Microsoft YaHei,sans-serif;color:#1f2329">',
    `<p>您好！您正在${purpose}，验证码为：</p>`,
    '<p style="font-size:32px;font-weight:600;letter-spacing:6px;margin:16px 0">{{code}}</p>',
    '<p style="color:#646a73;font-size:14px">10分钟内有效，请勿告知他人。如非本人操作，请忽略本邮件。</p>',
    '</div></body></html>',
  ].join('')

const mailTemplates = [
  { usageType: 'Register', subject: '注册验证码', content: mail('注册账号') },
  { usageType: 'SignIn', subject: '登录验证码', content: mail('登录') },
  { usageType: 'ForgotPassword', subject: '重置密码验证码', content: mail('重置密码') },
  { usageType: 'Generic', subject: '验证码', content: mail('验证身份') },
]

/** Configurations, by connector, which the simulated accounts accept. Every usage type has its own template. */
export const sampleSettings: Record<CloudId, Record<string, unknown>> = {
  'aliyun-sms': {
    accessKeyId: 'LTAI-simulated-ok',
    accessKeySecret: 'simulated-secret-ok',
    signName: '示例应用',
    strictPhoneRegionNumberCheck: false,
    templates: smsTemplates(['SMS_100000001', 'SMS_100000002', 'SMS_100000003', 'SMS_100000004']),
  },
  'aliyun-pnvs': {
    accessKeyId: 'LTAI-simulated-ok',
    accessKeySecret: 'simulated-secret-ok',
    signName: '示例赠送签名',
    templates: smsTemplates(['100004', '100001', '100003', '100005']),
  },
  'aliyun-dm': {
    accessKeyId: 'LTAI-simulated-ok',
    accessKeySecret: 'simulated-secret-ok',
    region: 'cn-hangzhou',
    accountName: 'noreply@mail.example.com',
    fromAlias: '示例应用',
    templates: mailTemplates,
  },
  'tencent-sms': {
    accessKeyId: 'AKID-simulated-ok',
    accessKeySecret: 'simulated-secret-ok',
    signName: '示例应用',
    sdkAppId: '1400000001',
    region: 'ap-guangzhou',
    templates: smsTemplates(['1000001', '1000002', '1000003', '1000004']),
  },
}
