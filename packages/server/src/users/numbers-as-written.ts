import { asciiDigits } from '@countersign/api'
import type { Search, SearchCondition, SearchMode } from '../db/search.ts'
import { normalizePhone } from '../identifiers/phone.ts'

const FIELD = 'primaryPhone'

/** Digits, what stands between them, and what matches anything; nothing of it is escaped. */
const NUMBER = /^[\d\s()./+%_\p{Pd}]+$/u
/** Fewer are in too many numbers. */
const LEAST_DIGITS = 3

/** The values that a number may stand for as it is stored, apart from what was asked itself. */
function storedForms(asked: string, mode: SearchMode): string[] {
  const text = asciiDigits(asked).normalize('NFKC')
  if (!NUMBER.test(text) || text.replaceAll(/\D/g, '').length < LEAST_DIGITS) return []
  const [, before = '', number = '', behind = ''] = /^(%*)(.*?)(%*)$/su.exec(text.trim()) ?? []
  const whole = normalizePhone(number)
  if (mode === 'exact') return whole === undefined ? [] : [whole]
  const digits = number.replaceAll(/[^\d%_]/g, '')
  // Neither what is dialled before a country code nor a trunk zero is stored.
  const parts = [digits, digits.replace(/^0+/, ''), ...(whole === undefined ? [] : [whole])]
  return parts.map(part => `${before}${part}${behind}`)
}

function withForms(condition: SearchCondition): SearchCondition {
  const { fields, mode, values } = condition
  if (!fields.includes(FIELD) || (mode !== 'like' && mode !== 'exact')) return condition
  const forms = new Set(values.flatMap(value => storedForms(value, mode)))
  const also = [...forms].filter(value => !values.includes(value)).map(value => ({ field: FIELD, value }))
  return also.length === 0 ? condition : { ...condition, also }
}

/**
 * A search that also finds phone numbers as people write them: with plus, spaces, hyphens, brackets and trunk zero, in
 * digits of every script. What was asked is still looked for as it stands, and patterns of the other modes are left alone.
 *
 * @example `%+86 138-0013-8086%` also looks for `%8613800138086%`
 */
export const withNumbers = (search: Search): Search => ({
  ...search,
  conditions: search.conditions.map(withForms),
})
