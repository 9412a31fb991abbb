import type { Suggestion } from '@countersign/kit'

/**
 * The templates that every account is given, by what they say, and the usage types that each fits. The cloud has no
 * action that lists them; a code that is not here can be typed.
 */
export const TEMPLATES: Suggestion[] = [
  {
    value: '100001',
    label: { en: 'Sign in or register', 'zh-CN': '登录/注册' },
    usageTypes: ['SignIn', 'Register', 'Generic', 'OrganizationInvitation'],
  },
  {
    value: '100002',
    label: { en: 'Change the bound phone number', 'zh-CN': '修改绑定手机号' },
    usageTypes: [],
  },
  {
    value: '100003',
    label: { en: 'Reset the password', 'zh-CN': '重置密码' },
    usageTypes: ['ForgotPassword'],
  },
  {
    value: '100004',
    label: { en: 'Bind a new phone number', 'zh-CN': '绑定新手机号' },
    usageTypes: ['BindNewIdentifier', 'BindMfa'],
  },
  {
    value: '100005',
    label: { en: 'Verify the bound phone number', 'zh-CN': '验证绑定手机号' },
    usageTypes: ['UserPermissionValidation', 'MfaVerification'],
  },
]

/** How codes of gifted templates look. */
export const TEMPLATE_CODE = /^\d{6}$/

/** How codes of templates look that an account has applied for itself; this service has not taken them since 2025-11. */
export const OWN_TEMPLATE_CODE = /^SMS_\d+$/
