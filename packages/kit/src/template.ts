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
 * Chooses the template of a message. The reader's language decides first, then the usage type: exactly this one before
 * `Generic`. Where rows have a `locale`, the best match counts: the language tag itself, a shorter form of it, another
 * variety of the same language (of Chinese one in the same script before one in the other); then a row in the fallback
 * language, then the row without a locale. A row in a wrong language is better than no message, so it is taken when there
 * is nothing else.
 *
 * @example chooseTemplate([{ usageType: 'Generic', locale: 'en' }], 'SignIn', 'en-GB')?.locale // 'en'
 */
export function chooseTemplate<T extends { usageType: string; locale?: string | undefined }>(
  templates: readonly T[],
  usageType: UsageType,
  locale?: string,
  fallbackLocale?: string,
): T | undefined {
  const rows = [usageType, 'Generic'].flatMap(type => templates.filter(row => row.usageType === type))
  const tag = chooseTag(
    [locale, fallbackLocale].flatMap(wanted => wanted ?? []),
    rows.flatMap(row => row.locale ?? []),
  )
  return rows.find(row => row.locale === tag) ?? rows[0]
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
