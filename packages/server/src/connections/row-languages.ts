import { isObject } from '@countersign/kit'

/** The rows of a configuration's templates. */
const rowsOf = ({ templates }: Record<string, unknown>): Record<string, unknown>[] =>
  Array.isArray(templates) ? templates.filter(isObject) : []

/**
 * The languages in which a configuration has templates of its own.
 *
 * @example rowLanguages({ templates: [{ usageType: 'Generic', locale: 'de' }] }) // ['de']
 */
export const rowLanguages = (config: Record<string, unknown>): string[] =>
  rowsOf(config).flatMap(({ locale }) => (typeof locale === 'string' && locale !== '' ? [locale] : []))
