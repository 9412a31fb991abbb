// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cloud writes its placeholders that way.
export type TemplateType = 'captcha' | 'notification' | 'promotion' | 'international'
export type Review = 'approved' | 'in review' | 'rejected'

export interface Template {
  code: string
  type: TemplateType
  review: Review
  text: string
  /** What values of its variables may consist of; captcha templates only. */
  values?: 'digits' | 'letters and digits'
}

export interface Signature {
  name: string
  kind: 'general' | 'captcha only'
  review: Review
}

/** The signatures of the simulated account. */
export const SIGNATURES: Signature[] = [
  { name: '示例应用', kind: 'general', review: 'approved' },
  { name: 'Example', kind: 'general', review: 'approved' },
  { name: '示例验证', kind: 'captcha only', review: 'approved' },
  { name: '待审签名', kind: 'general', review: 'in review' },
  { name: '驳回签名', kind: 'general', review: 'rejected' },
]

const captcha = (code: string, text: string): Template => ({
  code,
  type: 'captcha',
  review: 'approved',
  text,
  values: 'letters and digits',
})
const international = (code: string, text: string): Template => ({
  code,
  type: 'international',
  review: 'approved',
  text,
})

/** The templates of the simulated account, with their texts. */
export const TEMPLATES: Template[] = [
  captcha('SMS_100000001', '您的注册验证码为：${code}，5分钟内有效，请勿告知他人。'),
  captcha('SMS_100000002', '您的登录验证码为：${code}，5分钟内有效，请勿告知他人。'),
  captcha('SMS_100000003', '您正在重置密码，验证码为：${code}，5分钟内有效。如非本人操作，请忽略本短信。'),
  captcha('SMS_100000004', '您的验证码为：${code}，5分钟内有效，请勿告知他人。'),
  { ...captcha('SMS_100000005', '您的验证码为：${code}，请勿告知他人。'), values: 'digits' },
  {
    code: 'SMS_100000011',
    type: 'notification',
    review: 'approved',
    text: '${name}您好，您的订单${order}已发货，请留意查收。',
  },
  {
    code: 'SMS_100000012',
    type: 'promotion',
    review: 'approved',
    text: '${name}您好，会员日全场八折，欢迎选购。拒收请回复R',
  },
  international('SMS_100000021', 'Your registration code is ${code}. It is valid for 5 minutes.'),
  international('SMS_100000022', 'Your sign-in code is ${code}. It is valid for 5 minutes.'),
  international('SMS_100000023', 'Your password reset code is ${code}. It is valid for 5 minutes.'),
  international('SMS_100000024', 'Your verification code is ${code}. It is valid for 5 minutes.'),
  { ...captcha('SMS_100000031', '您的验证码为：${code}，请勿转发。'), review: 'in review' },
  { ...captcha('SMS_100000032', '您的验证码为：${code}，点击领取红包。'), review: 'rejected' },
]
