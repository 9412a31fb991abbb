import type { Call, Fields } from '../aliyun-gateway/gateway.ts'
import { AUDITED_AT, CREATED_AT, REVIEW_STATUS, TEMPLATE_TYPE, TEMPLATES, type Template } from './accounts.ts'
import { pageOf } from './pages.ts'
import { smsRefusal } from './refusals.ts'
import { AUDIT_STATE, listedReason } from './review-signatures.ts'
import { UNKNOWN_TEMPLATE_CODE } from './unverified.ts'

// Names, types and meanings in this file: types of the official SDK, version 4.6.0.

/** The list has a second numbering of types of its own. */
const LISTED_TYPE = { notification: 0, promotion: 1, captcha: 2, international: 6 } as const

const NAMES = {
  captcha: '验证码',
  notification: '通知',
  promotion: '推广',
  international: '国际验证码',
} as const

/** The international templates of this account are all captchas. */
const INTERNATIONAL_CAPTCHA = 2

function find(call: Call): Template {
  const code = call.required('TemplateCode')
  const template = TEMPLATES.find(candidate => candidate.code === code)
  if (!template) throw smsRefusal(UNKNOWN_TEMPLATE_CODE)
  return template
}

/** QuerySmsTemplate: the review of one template; the SDK calls it deprecated in favour of GetSmsTemplate. */
export function querySmsTemplate(call: Call): Fields {
  const { code, type, review, reason, text } = find(call)
  return {
    Code: 'OK',
    Message: 'OK',
    TemplateCode: code,
    TemplateName: NAMES[type],
    TemplateType: TEMPLATE_TYPE[type],
    TemplateContent: text,
    TemplateStatus: REVIEW_STATUS[review],
    Reason: reason ?? '无审批备注',
    CreateDate: CREATED_AT,
  }
}

/** GetSmsTemplate: here status and type are texts, and the audit's reason stands in a member of its own. */
export function getSmsTemplate(call: Call): Fields {
  const { code, type, review, reason, text, values } = find(call)
  const rule = values === 'digits' ? 'numberCaptcha' : 'characterWithNumber2'
  return {
    Code: 'OK',
    Message: 'OK',
    TemplateCode: code,
    TemplateName: NAMES[type],
    TemplateType: String(TEMPLATE_TYPE[type]),
    TemplateContent: text,
    TemplateStatus: String(REVIEW_STATUS[review]),
    TemplateTag: 2,
    ...(type === 'international' && { IntlType: INTERNATIONAL_CAPTCHA }),
    ...(type === 'captcha' && { VariableAttribute: JSON.stringify({ code: rule }) }),
    AuditInfo: {
      ...(review !== 'in review' && { AuditDate: AUDITED_AT }),
      ...(reason !== undefined && { RejectInfo: reason }),
    },
    CreateDate: CREATED_AT,
  }
}

/** QuerySmsTemplateList: all templates, by pages. */
export function querySmsTemplateList(call: Call): Fields {
  const { page, about } = pageOf(call, TEMPLATES)
  return {
    Code: 'OK',
    Message: 'OK',
    ...about,
    SmsTemplateList: page.map(({ code, type, review, reason, text }) => ({
      TemplateCode: code,
      TemplateName: NAMES[type],
      TemplateType: LISTED_TYPE[type],
      OuterTemplateType: TEMPLATE_TYPE[type],
      TemplateContent: text,
      // The SDK spells this one state of templates without its second T.
      AuditStatus: review === 'cancelled' ? 'AUDIT_SATE_CANCEL' : AUDIT_STATE[review],
      Reason: listedReason(reason),
      CreateDate: CREATED_AT,
    })),
  }
}
