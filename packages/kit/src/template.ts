import { chooseTag } from './languages.ts'

/** Logto's message types: which template is meant. */
export const USAGE_TYPES = [
  'SignIn',
  'Register',
  'ForgotPassword',
  'OrganizationInvitation',
  'Generic',
  'UserPermissionValidation',
  'BindNewIdentifier',
  'MfaVerification',
  'BindMfa',
] as const

export type UsageType = (typeof USAGE_TYPES)[number]

/** Every connection must have a template for each of these. */
export const REQUIRED_USAGE_TYPES = ['Register', 'SignIn', 'ForgotPassword', 'Generic'] as const

/**
 * Chooses the template of exactly this usage type, else the one for `Generic`, else undefined. Where rows have a `locale`,
 * the best match within the usage type counts: the language tag itself, a shorter form of it, another variety of
 * the same language, then the row without a locale. A row in a wrong language is better than no message, so it is
 * taken when there is nothing else.
 *
 * @example chooseTemplate([{ usageType: 'Generic', locale: 'en' }], 'SignIn', 'en-GB')?.locale // 'en'
 */
export function chooseTemplate<T extends { usageType: string; locale?: string | undefined }>(
  templates: readonly T[],
  usageType: UsageType,
  locale?: string,
): T | undefined {
  const own = templates.filter(template => template.usageType === usageType)
  const generic = templates.filter(template => template.usageType === 'Generic')
  return inLanguage(own, locale) ?? inLanguage(generic, locale) ?? own[0] ?? generic[0]
}

function inLanguage<T extends { locale?: string | undefined }>(
  rows: readonly T[],
  locale = '',
): T | undefined {
  const tagged = rows.filter(row => row.locale !== undefined)
  if (tagged.length === 0 || locale === '') return rows.find(row => row.locale === undefined)
  const tags = tagged.map(row => row.locale!)
  const tag = chooseTag([locale], tags)
  return rows.find(row => row.locale === tag)
}

/** Turns a value into the text to insert; may differ by target, e.g. HTML-escaped. */
type Render = (text: string) => string

const PLACEHOLDER = /\{\{\s*([\w.]+)\s*\}\}/g

/**
 * Replaces `{{ name }}` and `{{ a.b.c }}` by the payload's values. A placeholder whose first segment the payload does
 * not have stays as it is; a missing or null value deeper down becomes the empty string, as Logto does. Only own
 * properties count, so no prototype member can be reached.
 *
 * @example fillPlaceholders('Your code is {{code}}.', { code: '739152' }) // 'Your code is 739152.'
 */
export function fillPlaceholders(text: string, payload: object, render: Render = value => value): string {
  return text.replace(PLACEHOLDER, (whole, path: string) => {
    const [first = '', ...rest] = path.split('.')
    if (!Object.hasOwn(payload, first)) return whole
    let value: unknown = (payload as Record<string, unknown>)[first]
    for (const segment of rest) {
      value =
        typeof value === 'object' && value !== null && Object.hasOwn(value, segment)
          ? (value as Record<string, unknown>)[segment]
          : undefined
    }
    return value === undefined || value === null ? '' : render(toText(value))
  })
}

function toText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
