import type { Issue } from '../api-error.ts'
import type { Texts } from '../locales/en.ts'

type Words = Texts['form']

/** Sentences of the schema library itself: its code says the same, in a form that can be translated. */
const GENERIC = /^(Invalid|Too (small|big)|Unrecognized|Expected|Required|(String|Number|Array) must)/

function wrongType({ expected, received }: Issue, label: string, words: Words): string {
  if (received === 'undefined' || received === 'null') return words.empty(label)
  switch (expected) {
    case 'string':
      return words.text(label)
    case 'number':
      return words.number(label)
    case 'integer':
      return words.whole(label)
    case 'boolean':
      return words.yesNo(label)
    case 'array':
      return words.list(label)
    case 'object':
      return words.object(label)
    default:
      return words.invalid(label)
  }
}

function tooSmall({ minimum = 0, type }: Issue, label: string, words: Words): string {
  if (type === 'number' || type === 'int') return words.least(label, minimum)
  if (minimum <= 1) return words.empty(label)
  if (type === 'array' || type === 'set') return words.fewest(label, minimum)
  return words.shortest(label, minimum)
}

function tooBig({ maximum = 0, type }: Issue, label: string, words: Words): string {
  if (type === 'number' || type === 'int') return words.most(label, maximum)
  if (type === 'array' || type === 'set') return words.several(label, maximum)
  return words.longest(label, maximum)
}

/** Says what is wrong with a value in the operator's language, in a sentence about the field of that label. */
export function sayIssue(issue: Issue, label: string, words: Words): string {
  if (issue.message === 'is required') return words.empty(label)
  if (!GENERIC.test(issue.message)) return words.said(label, issue.message)
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue, label, words)
    case 'too_small':
      return tooSmall(issue, label, words)
    case 'too_big':
      return tooBig(issue, label, words)
    case 'invalid_enum_value':
    case 'invalid_literal':
      return words.choice(label)
    case 'unrecognized_keys':
      return words.unknown(label, (issue.keys ?? []).join(', '))
    case 'invalid_string':
      if (issue.validation === 'email') return words.email(label)
      return issue.validation === 'url' ? words.address(label) : words.invalid(label)
    default:
      return words.invalid(label)
  }
}
