import { isObject } from '@countersign/kit/json'

/**
 * The languages that the templates of a configuration are in, each once; empty where none says any.
 *
 * @example templateLanguages({ templates: [{ usageType: 'Generic', locale: 'zh-TW' }] }) // ['zh-TW']
 */
export function templateLanguages({ templates }: Record<string, unknown>): string[] {
  const rows = Array.isArray(templates) ? templates.filter(isObject) : []
  return [...new Set(rows.flatMap(({ locale }) => (typeof locale === 'string' ? locale.trim() : [])))].filter(
    Boolean,
  )
}
