/** Logto's message types (contract sheet 8.5): which template is meant. */
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

/** The template of exactly this usage type, else the one for `Generic`, else undefined. */
export function chooseTemplate<T extends { usageType: string }>(
  templates: readonly T[],
  usageType: UsageType,
): T | undefined {
  return (
    templates.find(template => template.usageType === usageType) ??
    templates.find(template => template.usageType === 'Generic')
  )
}

/** Turns a value into the text to insert; may differ by target, e.g. HTML-escaped. */
type Render = (text: string) => string

const PLACEHOLDER = /\{\{\s*([\w.]+)\s*\}\}/g

/**
 * Replaces `{{ name }}` and `{{ a.b.c }}` by the payload's values. A placeholder whose first segment the
 * payload does not have stays as it is; a missing or null value deeper down becomes the empty string
 * (contract sheet 8.7). Only own properties count, so no prototype member can be reached.
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
