import { type CatalogEntry, type FormField, UsageType } from '@countersign/api'
import { type DefaultMail, defaultMail, MAIL_LANGUAGES, mailLanguageOf } from '@countersign/kit/default-mails'

/** A row of `templates`. */
type Row = Record<string, unknown>

/** True for templates that say themselves what is sent; those of SMS lie at the provider. */
export const areMails = ({ row = {} }: Pick<FormField, 'row'>): boolean =>
  Object.hasOwn(row, 'subject') && Object.hasOwn(row, 'content')

/** What an e-mail says at first; nothing for a usage type that there is not. */
function mailFor(usageType: unknown, language: string): Omit<DefaultMail, 'text'> | undefined {
  const type = UsageType.safeParse(usageType).data
  if (!type) return undefined
  const { subject, content } = defaultMail(type, mailLanguageOf(language))
  return { subject, content }
}

/** A row with what its e-mail says at first, in a language: for all readers, or for those of a `locale`. */
export const mailRow = (row: Row, language: string, locale?: string): Row => ({
  ...row,
  ...mailFor(row.usageType, language),
  ...(locale !== undefined && { locale }),
})

const says = (row: Row, mail: Omit<DefaultMail, 'text'> | undefined) =>
  row.subject === mail?.subject && row.content === mail?.content

/**
 * A row after a change of its usage type or language. A text that nobody has changed yet follows; any other stays as it
 * is.
 */
export function follow(row: Row, changes: { usageType?: string; locale?: unknown }): Row {
  const changed = { ...row, ...changes }
  if (changes.locale === undefined && 'locale' in changes) delete changed.locale
  const language = MAIL_LANGUAGES.find(each => says(row, mailFor(row.usageType, each)))
  if (!language) return changed
  const wanted = typeof changed.locale === 'string' ? changed.locale : language
  return { ...changed, ...mailFor(changed.usageType, wanted) }
}

/** The values that the simulator accepts; e-mails that are written already stay. */
export function sampleFor(
  { fields, sample = {} }: Pick<CatalogEntry, 'fields' | 'sample'>,
  config: Row,
): Row {
  const kept = fields.filter(field => areMails(field) && Array.isArray(config[field.key]))
  return Object.fromEntries(
    Object.entries(sample).filter(
      ([key]) => !kept.some(field => field.key === key && (config[key] as unknown[]).length > 0),
    ),
  )
}
