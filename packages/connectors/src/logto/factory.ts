import {
  type Connector,
  describeSettings,
  type FieldInfo,
  REQUIRED_USAGE_TYPES,
  type SettingsTable,
  suggestedFor,
} from '@countersign/kit'

/**
 * The ids under which Logto knows these clouds' connectors: the one place where its names stand beside ours.
 * With the same ids and the same members of the configuration, what an operator saved there works here.
 */
const FACTORY_IDS: Readonly<Record<string, string>> = {
  'aliyun-sms': 'aliyun-short-message-service',
  'aliyun-pnvs': 'aliyun-short-message-auth-service',
  'aliyun-dm': 'aliyun-direct-mail',
  'tencent-sms': 'tencent-short-message-service',
}

/** What Logto calls the id of a "connector factory". */
export const factoryIdOf = (connector: Pick<Connector, 'id'>): string =>
  FACTORY_IDS[connector.id] ?? connector.id

/** One field of a form as Logto's console draws it. */
export interface FormItem {
  type: 'Text' | 'Number' | 'MultilineText' | 'Switch' | 'Select' | 'MultiSelect' | 'Json'
  key: string
  label: string
  placeholder?: string
  description?: string
  tooltip?: string
  required?: boolean
  isConfidential?: boolean
  defaultValue?: unknown
  selectItems?: { value: string; title?: string }[]
}

const ITEM_TYPES = {
  text: 'Text',
  secret: 'Text',
  multiline: 'MultilineText',
  switch: 'Switch',
  choice: 'Select',
  number: 'Number',
  templates: 'Json',
  regional: 'Json',
  json: 'Json',
} as const satisfies Record<FieldInfo['kind'], FormItem['type']>

/** The rows that a list of templates must have, for the operator to fill in. */
const emptyRows = (row: Record<string, FieldInfo> = {}) =>
  REQUIRED_USAGE_TYPES.map(usageType => ({
    usageType,
    ...Object.fromEntries(
      Object.entries(row).flatMap(([key, field]) =>
        field.required
          ? [[key, suggestedFor(field, usageType) ?? field.default ?? field.placeholder ?? '']]
          : [],
      ),
    ),
  }))

function formItem({ key, ...field }: { key: string } & FieldInfo): FormItem {
  const value = field.kind === 'templates' ? emptyRows(field.row) : field.default
  return {
    type: ITEM_TYPES[field.kind],
    key,
    label: field.label.en,
    required: field.required,
    ...(field.placeholder && { placeholder: field.placeholder }),
    ...(field.help && { description: field.help.en }),
    ...(field.kind === 'secret' && { isConfidential: true }),
    ...(value !== undefined && { defaultValue: value }),
    ...(field.options && {
      selectItems: field.options.map(option => ({ value: option.value, title: option.label.en })),
    }),
  }
}

/** A settings table as the items of Logto's form. */
export const formItems = (table: SettingsTable): FormItem[] => describeSettings(table).map(formItem)
