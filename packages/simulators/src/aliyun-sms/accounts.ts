// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cloud writes its placeholders that way.
export type TemplateType = 'captcha' | 'notification' | 'promotion' | 'international'
export type Review = 'approved' | 'in review' | 'rejected' | 'cancelled'

export interface Template {
  code: string
  type: TemplateType
  review: Review
  /** Why it was rejected. */
  reason?: string
  text: string
  /** What values of its variables may consist of; captcha templates only. */
  values?: 'digits' | 'letters and digits'
}

export interface Signature {
  name: string
  kind: 'general' | 'captcha only'
  review: Review
  /** Why it was rejected. */
  reason?: string
}

/** The signatures of the simulated account. */
export const SIGNATURES: Signature[] = [
  { name: '示例应用', kind: 'general', review: 'approved' },
  { name: 'Example', kind: 'general', review: 'approved' },
  { name: '示例验证', kind: 'captcha only', review: 'approved' },
  { name: '待审签名', kind: 'general', review: 'in review' },
  {
    name: '驳回签名',
    kind: 'general',
    review: 'rejected',
    reason: '文件不能证明信息真实性，请重新上传',
  },
  { name: '撤回签名', kind: 'general', review: 'cancelled' },
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
  captcha('SMS_100000001', '您的注册验证码为：${code}，10分钟内有效，请勿告知他人。'),
  captcha('SMS_100000002', '您的登录验证码为：${code}，10分钟内有效，请勿告知他人。'),
  captcha('SMS_100000003', '您正在重置密码，验证码为：${code}，10分钟内有效。如非本人操作，请忽略本短信。'),
  captcha('SMS_100000004', '您的验证码为：${code}，10分钟内有效，请勿告知他人。'),
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
  international('SMS_100000021', 'Your registration code is ${code}. It is valid for 10 minutes.'),
  international('SMS_100000022', 'Your sign-in code is ${code}. It is valid for 10 minutes.'),
  international('SMS_100000023', 'Your password reset code is ${code}. It is valid for 10 minutes.'),
  international('SMS_100000024', 'Your verification code is ${code}. It is valid for 10 minutes.'),
  { ...captcha('SMS_100000031', '您的验证码为：${code}，请勿转发。'), review: 'in review' },
  {
    ...captcha('SMS_100000032', '您的验证码为：${code}，点击领取红包。'),
    review: 'rejected',
    reason: '验证码模板中不能包含营销内容',
  },
  { ...captcha('SMS_100000033', '您的验证码为：${code}，请妥善保管。'), review: 'cancelled' },
]

/** When signatures and templates were applied for and judged, in the cloud's own spelling. */
export const CREATED_AT = '2026-01-05 10:02:34'
export const AUDITED_AT = '2026-01-05 12:02:34'

/** The numbers of the review states in answers. Source: types of the official SDK, GetSmsSign. */
export const REVIEW_STATUS: Record<Review, number> = {
  'in review': 0,
  approved: 1,
  rejected: 2,
  cancelled: 10,
}

/** The numbers of the template types in answers. Source: types of the official SDK, GetSmsTemplate. */
export const TEMPLATE_TYPE: Record<TemplateType, number> = {
  captcha: 0,
  notification: 1,
  promotion: 2,
  international: 3,
}
