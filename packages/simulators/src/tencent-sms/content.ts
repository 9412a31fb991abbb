import type { Application, Template } from './accounts.ts'
import { Refusal } from './refusals.ts'
import { BRACKETS_IN_VARIABLE_CODE, ENTERPRISE_VARIABLE_LENGTH } from './unverified.ts'

const URL_LIKE = /https?:\/\/|www\.|\b[a-z0-9-]+\.(?:com|cn|net|org|io|top|xyz)\b/i
const TEXT_LENGTH = 500
const INDIVIDUAL_VARIABLE_LENGTH = 12

/**
 * Fills the template's variables in by position. Throws the refusal of the first value the cloud would not take.
 * Source: Tencent Cloud SMS documents, Standards for SMS body templates.
 */
export function renderTemplate(template: Template, values: string[], owner: Application['owner']): string {
  const count = new Set(template.text.match(/\{\d+\}/g)).size
  if (values.length !== count) throw new Refusal('FailedOperation.TemplateParamSetNotMatchApprovedTemplate')
  for (const value of values) checkValue(template, value, owner)
  const text = template.text.replace(
    /\{(\d+)\}/g,
    (_, position: string) => values[Number(position) - 1] ?? '',
  )
  if ([...text].length > TEXT_LENGTH) throw new Refusal('InvalidParameterValue.ContentLengthLimit')
  return text
}

function checkValue(template: Template, value: string, owner: Application['owner']): void {
  if (URL_LIKE.test(value)) throw new Refusal('InvalidParameterValue.ProhibitedUseUrlInTemplateParameter')
  // A text that speaks of a 验证码 counts as a captcha whatever its type: then all of its variables are numbers.
  const captcha = template.type === 'captcha' || template.text.includes('验证码')
  if (captcha && !/^\d{0,6}$/.test(value)) {
    throw new Refusal('InvalidParameterValue.TemplateParameterFormatError')
  }
  if (/[【】]/.test(value)) throw new Refusal(BRACKETS_IN_VARIABLE_CODE)
  const most = owner === 'individual' ? INDIVIDUAL_VARIABLE_LENGTH : ENTERPRISE_VARIABLE_LENGTH
  if ([...value].length > most) throw new Refusal('InvalidParameterValue.TemplateParameterLengthLimit')
}
