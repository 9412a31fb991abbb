import type { Call } from '../aliyun-gateway/gateway.ts'
import { BAD_CODE, CHECK_VARIABLES, pnvsRefusal } from './refusals.ts'
import { ABROAD_CODE, NUMBER, OWN_CODE, RANGES, VARIABLES_CODE } from './unverified.ts'

/** The wish that the cloud make the code. */
export const CLOUDS_OWN = '##code##'

/** The number of a call in E.164. Throws the refusal of any that is not a mainland mobile number. */
export function numberIn(call: Call): string {
  const [, digits] = NUMBER.exec(call.required('PhoneNumber')) ?? []
  if (!digits) throw pnvsRefusal('isv.MOBILE_NUMBER_ILLEGAL')
  if ((call.parameters.get('CountryCode') || '86') !== '86') throw pnvsRefusal(ABROAD_CODE)
  return `+86${digits}`
}

/** A whole number of a call, or what it is when it is left out. Throws the refusal of one out of range. */
export function countIn(call: Call, name: keyof typeof RANGES, usual: number): number {
  const text = call.parameters.get(name) ?? ''
  const [least, most] = RANGES[name]
  const value = text === '' ? usual : /^\d{1,6}$/.test(text) ? Number(text) : -1
  if (value < least || value > most) throw pnvsRefusal(VARIABLES_CODE, `${name} is illegal`)
  return value
}

/** The variables of a template: every gifted one wants `code` and `min`, as texts. Throws the refusal of all else. */
export function variablesIn(call: Call): { code: string; min: string } {
  const { code, min } = objectIn(call.required('TemplateParam'))
  if (typeof code !== 'string' || (code !== CLOUDS_OWN && !OWN_CODE.test(code)))
    throw pnvsRefusal(VARIABLES_CODE, BAD_CODE)
  if (typeof min !== 'string' || min === '') throw pnvsRefusal(VARIABLES_CODE, CHECK_VARIABLES)
  return { code, min }
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    // No JSON at all.
  }
  throw pnvsRefusal(VARIABLES_CODE, CHECK_VARIABLES)
}
