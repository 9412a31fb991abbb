import type { Template } from './accounts.ts'
import { smsRefusal } from './refusals.ts'
import { ONLY_STRINGS_IN_TEMPLATE_PARAM, VARIABLE_LENGTH } from './unverified.ts'

const PLACEHOLDER = /\$\{(\w+)\}/g
const URL_LIKE = /https?:\/\/|www\.|\b[a-z0-9-]+\.(?:com|cn|net|org|io|top|xyz)\b/i

/**
 * The variables in TemplateParam. Throws isv.INVALID_JSON_PARAM unless it is a JSON object whose values are all
 * strings. Absent or empty means that there are none.
 */
export function readTemplateParam(text: string | undefined): Record<string, string> {
  if (!text) return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw smsRefusal('isv.INVALID_JSON_PARAM')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw smsRefusal('isv.INVALID_JSON_PARAM')
  }
  const entries = Object.entries(value)
  if (ONLY_STRINGS_IN_TEMPLATE_PARAM && !entries.every(([, entry]) => typeof entry === 'string')) {
    throw smsRefusal('isv.INVALID_JSON_PARAM')
  }
  return Object.fromEntries(entries.map(([name, entry]) => [name, String(entry)]))
}

/** Fills the template's variables in. Throws the refusal of the first value the cloud would not take. */
export function renderTemplate(template: Template, values: Record<string, string>): string {
  return template.text.replace(PLACEHOLDER, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) throw smsRefusal('isv.TEMPLATE_MISSING_PARAMETERS')
    checkValue(template, value)
    return value
  })
}

function checkValue(template: Template, value: string): void {
  if (URL_LIKE.test(value)) throw smsRefusal('isv.PARAM_NOT_SUPPORT_URL')
  const length = [...value].length
  const [least, most] = template.type === 'captcha' ? [4, 6] : [1, VARIABLE_LENGTH]
  if (length < least || length > most) throw smsRefusal('isv.PARAM_LENGTH_LIMIT')
  if (/[【】]|\p{Extended_Pictographic}/u.test(value)) throw smsRefusal('isv.UNSUPPORTED_CONTENT')
  if (template.type !== 'captcha') return
  const allowed = template.values === 'digits' ? /^\d+$/ : /^[A-Za-z0-9]+$/
  if (!allowed.test(value)) throw smsRefusal('isv.TEMPLATE_PARAMS_ILLEGAL')
}

/** The signature as it stands before the text: in full-width brackets, in square ones before English texts. */
export function withSignature(signature: string, template: Template, text: string): string {
  const english = template.type === 'international' && /^[\x20-\x7e]*$/.test(signature)
  return english ? `[${signature}]${text}` : `【${signature}】${text}`
}
