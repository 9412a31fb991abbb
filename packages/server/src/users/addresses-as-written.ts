import { domainToASCII } from 'node:url'
import { plainSigns } from '@countersign/api'
import type { Search, SearchCondition, SearchMode } from '../db/search.ts'
import { canonicalEmail } from '../identifiers/email.ts'

const FIELD = 'primaryEmail'

/** A part of a domain between two dots, as it is stored; with what matches anything at its ends. */
function storedLabel(label: string): string {
  const [, before = '', name = '', behind = ''] = /^(%*)(.*?)(%*)$/su.exec(label) ?? []
  if (/^\p{ASCII}*$/u.test(name) || /[%_\\]/.test(name)) return label
  return before + (domainToASCII(name) || name) + behind
}

/** The value that an address, or a piece of one, may stand for as it is stored. */
function storedForm(asked: string, mode: SearchMode): string {
  if (mode === 'exact') return canonicalEmail(asked)
  const text = plainSigns(asked).normalize('NFC')
  const at = text.lastIndexOf('@') + 1
  return text.slice(0, at) + text.slice(at).split('.').map(storedLabel).join('.')
}

function withForms(condition: SearchCondition): SearchCondition {
  const { fields, mode, values, also = [] } = condition
  if (!fields.includes(FIELD) || (mode !== 'like' && mode !== 'exact')) return condition
  const forms = new Set(values.map(value => storedForm(value, mode)))
  const more = [...forms].filter(value => !values.includes(value)).map(value => ({ field: FIELD, value }))
  return more.length === 0 ? condition : { ...condition, also: [...also, ...more] }
}

/**
 * A search that also finds e-mail addresses by the letters of their domain, which is stored in ASCII, and in full-width
 * signs. Of a domain whole parts between its dots are known: no piece of one has a form of its own.
 *
 * @example `%@bücher.example%` also looks for `%@xn--bcher-kva.example%`
 */
export const withAddresses = (search: Search): Search => ({
  ...search,
  conditions: search.conditions.map(withForms),
})
