import type { UsageType } from './template.ts'

/** The languages that e-mails begin with. */
export const MAIL_LANGUAGES = ['en', 'zh-CN'] as const
export type MailLanguage = (typeof MAIL_LANGUAGES)[number]

/** What an e-mail says at first, before anybody writes it otherwise. */
export interface DefaultMail {
  subject: string
  /** HTML, with placeholders. */
  content: string
  /** The same without HTML. */
  text: string
}

/** Subject, and the line above the code. */
type Words = readonly [subject: string, lead: string]

const WORDS: Record<MailLanguage, Record<UsageType, Words> & { end: readonly string[] }> = {
  en: {
    SignIn: ['Your sign-in code', 'Use this code to sign in:'],
    Register: ['Your code for a new account', 'Use this code to create your account:'],
    ForgotPassword: ['Your code for a new password', 'Use this code to choose a new password:'],
    Generic: ['Your verification code', 'Your verification code:'],
    OrganizationInvitation: [
      'You are invited',
      'You are invited to join an organization. Use this code to accept:',
    ],
    UserPermissionValidation: ['Confirm that it is you', 'Use this code to confirm that it is you:'],
    BindNewIdentifier: [
      'Confirm your e-mail address',
      'Use this code to add this e-mail address to your account:',
    ],
    MfaVerification: ['Your second step to sign in', 'Use this code to finish signing in:'],
    BindMfa: ['Set up two-step verification', 'Use this code to set up two-step verification:'],
    end: [
      'The code works for {{minutes}} minutes. Do not give it to anybody.',
      'If you did not ask for it, ignore this e-mail.',
    ],
  },
  'zh-CN': {
    SignIn: ['登录验证码', '您正在登录，验证码为：'],
    Register: ['注册验证码', '您正在注册账号，验证码为：'],
    ForgotPassword: ['重置密码验证码', '您正在重置密码，验证码为：'],
    Generic: ['验证码', '您的验证码为：'],
    OrganizationInvitation: ['组织邀请', '您受邀加入组织，接受邀请的验证码为：'],
    UserPermissionValidation: ['身份验证', '为确认是您本人操作，请使用以下验证码：'],
    BindNewIdentifier: ['绑定邮箱验证码', '您正在将此邮箱绑定到账号，验证码为：'],
    MfaVerification: ['两步验证', '您正在登录，两步验证的验证码为：'],
    BindMfa: ['开启两步验证', '您正在开启两步验证，验证码为：'],
    end: ['验证码 {{minutes}} 分钟内有效，请勿告知他人。', '如非您本人操作，请忽略此邮件。'],
  },
}

/**
 * Mail clients keep styles only where they stand at the element, and paint light or dark as their reader likes: so there
 * is no colour in it, neither of the text nor behind it.
 */
const bodyOf = (language: MailLanguage, lead: string, [validity, ignore]: readonly string[]) =>
  `<div lang="${language}" style="max-width: 480px; margin: 0 auto; padding: 24px 16px; font-family: -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', Arial, sans-serif; font-size: 16px; line-height: 1.6">
  <p style="margin: 0 0 16px">${lead}</p>
  <p style="margin: 0 0 16px; font-size: 32px; font-weight: bold; letter-spacing: 4px; line-height: 1.3">{{code}}</p>
  <p style="margin: 0 0 16px">${validity}</p>
  <p style="margin: 0; font-size: 14px">${ignore}</p>
</div>`

/**
 * What e-mails with a code say at first: the code large, how long it works, and what to do for whoever did not ask for it.
 *
 * @example defaultMail('SignIn', 'en').subject // 'Your sign-in code'
 */
export function defaultMail(usageType: UsageType, language: MailLanguage): DefaultMail {
  const { end, [usageType]: words } = WORDS[language]
  const [subject, lead] = words
  return {
    subject,
    content: bodyOf(language, lead, end),
    text: [lead, '{{code}}', ...end].join('\n\n'),
  }
}

/**
 * The language that e-mails begin with for readers of any: Chinese for every variety of Chinese, else English.
 *
 * @example mailLanguageOf('zh-TW') // 'zh-CN'
 */
export const mailLanguageOf = (tag: string): MailLanguage => (/^zh\b/i.test(tag.trim()) ? 'zh-CN' : 'en')
