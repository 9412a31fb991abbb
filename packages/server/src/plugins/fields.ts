import type { FormItem } from '@countersign/api'
import type { Field, FieldInfo, Localized, SettingsTable } from '@countersign/kit'
import { isObject } from '@countersign/kit'
import { z } from 'zod'

/** Names of members that hold something confidential; few packages mark theirs. */
const CONFIDENTIAL = /secret|passw|^pass$|token|authorization|api_?key|access_?key|private_?key|credential/i

/** Whether a member of a configuration must not be shown or repeated. */
export const isConfidential = (key: string) => CONFIDENTIAL.test(key)

const sameText = (text: string): Localized => ({ en: text, 'zh-CN': text })

const KINDS = {
  Text: 'text',
  Number: 'number',
  MultilineText: 'multiline',
  Switch: 'switch',
  Select: 'choice',
  MultiSelect: 'json',
  Json: 'json',
} as const satisfies Record<FormItem['type'], FieldInfo['kind']>

/** Only for the JSON view's hints: whether a configuration is good the package's own guard decides. */
const SCHEMAS: Partial<Record<FieldInfo['kind'], z.ZodType>> = {
  text: z.string(),
  secret: z.string(),
  multiline: z.string(),
  choice: z.string(),
  number: z.number(),
  switch: z.boolean(),
}

function fieldOf(item: FormItem): Field<unknown> {
  const secret = item.type === 'Text' && (item.isConfidential || isConfidential(item.key))
  const kind = secret ? 'secret' : KINDS[item.type]
  // What is asked for only in some cases cannot be demanded in all of them.
  const required = item.required === true && !item.showConditions?.length
  const schema = SCHEMAS[kind] ?? z.unknown()
  const help = item.description ?? item.tooltip
  return {
    kind,
    label: sameText(item.label),
    required,
    ...(help && { help: sameText(help) }),
    ...(item.placeholder && { placeholder: item.placeholder }),
    ...(item.defaultValue !== undefined && { default: item.defaultValue }),
    ...(item.selectItems && {
      options: item.selectItems.map(({ value, title }) => ({ value, label: sameText(title ?? value) })),
    }),
    schema: required ? schema : schema.optional(),
  }
}

/** Older packages have no form, only a sample of the configuration: it tells names and kinds. */
function itemsOfSample(sample: string): FormItem[] {
  let value: unknown
  try {
    value = JSON.parse(sample)
  } catch {
    return []
  }
  if (!isObject(value)) return []
  const types = { string: 'Text', number: 'Number', boolean: 'Switch' } as const
  return Object.entries(value).map(([key, member]) => ({
    key,
    label: key,
    type: types[typeof member as keyof typeof types] ?? 'Json',
    ...(typeof member === 'string' ? { placeholder: member } : { defaultValue: member }),
  }))
}

/** A package's form as a settings table, so that the console draws it like our own. */
export function settingsOf(items: readonly FormItem[] = [], configTemplate = ''): SettingsTable {
  const all = items.length > 0 ? items : itemsOfSample(configTemplate)
  return Object.fromEntries(all.map(item => [item.key, fieldOf(item)]))
}
