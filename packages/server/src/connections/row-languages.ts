import { chooseTag, isObject } from '@countersign/kit'

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

/**
 * The configuration with the rows of a language before all others: where no row is in the reader's language, and none
 * is for all, the first one stands in.
 *
 * @example rowsInLanguageFirst(config, 'zh-CN')
 */
export function rowsInLanguageFirst(
  config: Record<string, unknown>,
  language: string,
): Record<string, unknown> {
  const rows = rowsOf(config)
  const tag = chooseTag([language], rowLanguages(config))
  if (tag === undefined) return config
  return {
    ...config,
    templates: [...rows.filter(row => row.locale === tag), ...rows.filter(row => row.locale !== tag)],
  }
}
