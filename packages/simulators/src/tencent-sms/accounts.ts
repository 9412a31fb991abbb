/** A secret key of a simulated account. Accounts of the two sites are separate. */
export interface SecretKey {
  id: string
  key: string
  site: 'mainland' | 'international'
  state: 'active' | 'disabled' | 'denied' | 'send-only'
  /** The key whose account this one belongs to; its own when absent. */
  account?: string
  /** Temporary keys only. */
  token?: string
}

/** Keys; their form is deliberately not the real one, so that no secret scanner takes them for leaked. */
export const SECRET_KEYS: SecretKey[] = [
  { id: 'AKID-simulated-ok', key: 'simulated-secret-ok', site: 'mainland', state: 'active' },
  { id: 'AKID-simulated-disabled', key: 'simulated-secret-disabled', site: 'mainland', state: 'disabled' },
  { id: 'AKID-simulated-denied', key: 'simulated-secret-denied', site: 'mainland', state: 'denied' },
  {
    id: 'AKID-simulated-send-only',
    key: 'simulated-secret-send-only',
    site: 'mainland',
    state: 'send-only',
    account: 'AKID-simulated-ok',
  },
  {
    id: 'AKID-simulated-temporary',
    key: 'simulated-secret-temporary',
    site: 'mainland',
    state: 'active',
    account: 'AKID-simulated-ok',
    token: 'simulated-token',
  },
  { id: 'IKID-simulated-ok', key: 'simulated-secret-intl', site: 'international', state: 'active' },
]

/** An SMS application; both sites' keys may use it, so that one set of settings does for both. */
export interface Application {
  id: string
  state: 'active' | 'disabled' | 'no-package' | 'arrears'
  owner: 'enterprise' | 'individual'
}

export const APPLICATIONS: Application[] = [
  { id: '1400000001', state: 'active', owner: 'enterprise' },
  { id: '1400000002', state: 'active', owner: 'individual' },
  { id: '1400000003', state: 'disabled', owner: 'enterprise' },
  { id: '1400000004', state: 'no-package', owner: 'enterprise' },
  { id: '1400000005', state: 'arrears', owner: 'enterprise' },
]

export type Destination = 'mainland' | 'international'
export type Review = 'approved' | 'approved, not yet in effect' | 'in review' | 'rejected'

/** The numbers of the review states in answers. Source: types of the official SDK, DescribeTemplateListStatus. */
export const STATUS_CODE: Record<Review, number> = {
  approved: 0,
  'in review': 1,
  'approved, not yet in effect': 2,
  rejected: -1,
}

/** When signatures and templates were handed in for review, in seconds since 1970. */
export const CREATED_AT_SECONDS = 1767578520

export interface Signature {
  id: string
  content: string
  destination: Destination
  review: Review
  /** What the reviewer wrote. */
  reply?: string
}

const signature = (id: string, content: string, review: Review): Signature => ({
  id,
  content,
  destination: 'mainland',
  review,
})

/** Signatures by content; the id is what callers must not pass. */
export const SIGNATURES: Signature[] = [
  signature('300001', '示例应用', 'approved'),
  signature('300002', '待审签名', 'in review'),
  { ...signature('300003', '驳回签名', 'rejected'), reply: '签名与资质不符，请补充证明材料' },
  signature('300004', '待生效签名', 'approved, not yet in effect'),
  { ...signature('300011', 'Example', 'approved'), destination: 'international' },
]

export interface Template {
  id: string
  destination: Destination
  type: 'captcha' | 'notification' | 'marketing'
  review: Review
  /** What the reviewer wrote. */
  reply?: string
  text: string
}

const mainland = (id: string, text: string): Template => ({
  id,
  destination: 'mainland',
  type: 'captcha',
  review: 'approved',
  text,
})
const international = (id: string, text: string): Template => ({
  ...mainland(id, text),
  destination: 'international',
})

/** The templates of the account, with their texts. */
export const TEMPLATES: Template[] = [
  mainland('1000001', '您的注册验证码为{1}，10分钟内有效，请勿告知他人。'),
  mainland('1000002', '您的登录验证码为{1}，10分钟内有效，请勿告知他人。'),
  mainland('1000003', '您正在重置密码，验证码为{1}，10分钟内有效。如非本人操作，请忽略本短信。'),
  mainland('1000004', '您的验证码为{1}，10分钟内有效，请勿告知他人。'),
  mainland('1000005', '您的验证码为{1}，请于{2}分钟内填写。'),
  { ...mainland('1000011', '{1}您好，您的订单{2}已发货，请留意查收。'), type: 'notification' },
  { ...mainland('1000012', '{1}您好，会员日全场八折，欢迎选购。拒收请回复R'), type: 'marketing' },
  international('1000021', 'Your registration code is {1}. It is valid for 10 minutes.'),
  international('1000022', 'Your sign-in code is {1}. It is valid for 10 minutes.'),
  international('1000023', 'Your password reset code is {1}. It is valid for 10 minutes.'),
  international('1000024', 'Your verification code is {1}. It is valid for 10 minutes.'),
  { ...mainland('1000031', '您的验证码为{1}，请勿转发。'), review: 'in review' },
  {
    ...mainland('1000032', '您的验证码为{1}，点击领取红包。'),
    review: 'rejected',
    reply: '验证码模板中不能包含营销内容',
  },
  { ...mainland('1000033', '您的验证码为{1}，请妥善保管。'), review: 'approved, not yet in effect' },
]
