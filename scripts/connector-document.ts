import { connectors } from '@countersign/connectors'
import { type Connector, describeSettings, FAILURES, type FieldInfo, type Localized } from '@countersign/kit'
import { textOf } from './sources.ts'

type Language = 'en' | 'zh-CN'

/** The words of the document beside those of the connectors. */
const WORDS = {
  en: {
    made: 'Made from the connector by `node scripts/write-connectors.ts`; change the connector, not this file.',
    guide: (id: string) =>
      `How to open the account and fill the form in: [guide](../../packages/connectors/src/${id}/guide/en.md).`,
    aside: (text: string) => ` (${text})`,
    between: ', ',
    settings: 'Settings',
    settingsText:
      'Members of the configuration, as they stand in JSON. Rare ones are folded away in the form.',
    row: (key: string) => `A row of \`${key}\``,
    rowText: 'Beside `usageType`, each row has:',
    member: 'member',
    label: 'in the form',
    value: 'value',
    about: 'about',
    required: 'required',
    optional: 'optional',
    rare: 'rare',
    failures: 'Failures',
    failuresText:
      'What the provider may answer, what it means here and what to do. What delivery does next follows from the failure.',
    code: 'code',
    failure: 'failure',
    meaning: 'meaning',
    remedy: 'remedy',
    then: { stop: 'gives up', retry: 'tries again', reroute: 'needs the operator' },
    kinds: {
      text: 'text',
      secret: 'secret',
      choice: 'one of',
      switch: '`true` or `false`',
      multiline: 'text of several lines',
      templates: 'list of rows',
      regional: 'text, or `{ "china": …, "overseas": … }`',
      number: 'number',
      json: 'JSON',
    },
    most: (length: number) => `at most ${length} characters`,
    fallback: (value: string) => `default \`${value}\``,
    offered: 'offered',
  },
  'zh-CN': {
    made: '本文件由 `node scripts/write-connectors.ts` 根据连接器生成；请修改连接器，不要直接修改本文件。',
    guide: (id: string) =>
      `开通账号和填写表单的步骤见[配置指南](../../packages/connectors/src/${id}/guide/zh-CN.md)。`,
    aside: (text: string) => `（${text}）`,
    between: '、',
    settings: '配置项',
    settingsText: '以下为 JSON 配置中的成员；不常用的项在表单中默认折叠。',
    row: (key: string) => `\`${key}\` 的每一行`,
    rowText: '除 `usageType` 外，每一行包含：',
    member: '成员',
    label: '表单中的名称',
    value: '取值',
    about: '说明',
    required: '必填',
    optional: '选填',
    rare: '不常用',
    failures: '错误码',
    failuresText: '服务商可能返回的错误码、含义及处理方法；后续如何处理由失败类型决定。',
    code: '错误码',
    failure: '失败类型',
    meaning: '含义',
    remedy: '处理方法',
    then: { stop: '放弃', retry: '重试', reroute: '需运维人员处理' },
    kinds: {
      text: '文本',
      secret: '密钥',
      choice: '可选值',
      switch: '`true` 或 `false`',
      multiline: '多行文本',
      templates: '行列表',
      regional: '文本，或 `{ "china": …, "overseas": … }`',
      number: '数字',
      json: 'JSON',
    },
    most: (length: number) => `最多 ${length} 个字符`,
    fallback: (value: string) => `默认 \`${value}\``,
    offered: '建议值',
  },
} as const

const escaped = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')

/** The values that a field offers, with what they are. */
const offered = ({ suggestions = [] }: FieldInfo, language: Language) =>
  suggestions.map(({ value, label }) => `\`${value}\`${WORDS[language].aside(label[language])}`)

function takes(field: FieldInfo, language: Language): string {
  const { kind, options, suggestions, maxLength, default: fallback } = field
  const words = WORDS[language]
  const choices = options?.map(({ value }) => `\`${value}\``).join(words.between)
  return [
    choices ? `${words.kinds.choice} ${choices}` : words.kinds[kind],
    ...(maxLength ? [words.most(maxLength)] : []),
    ...(suggestions ? [`${words.offered} ${offered(field, language).join(words.between)}`] : []),
    ...(fallback === undefined ? [] : [words.fallback(String(fallback))]),
  ].join(language === 'en' ? '; ' : '；')
}

function fields(list: readonly (FieldInfo & { key: string })[], language: Language): string {
  const words = WORDS[language]
  return table(
    [words.member, words.label, words.value, words.about],
    list.map(field => {
      const need = field.required ? words.required : field.advanced ? words.rare : words.optional
      const about = field.help?.[language]
      return [
        `\`${field.key}\``,
        field.label[language] + words.aside(need),
        takes(field, language),
        about ? escaped(about) : '',
      ]
    }),
  )
}

/** The pages that a remedy names, as links behind it. */
const pagesOf = ({ pagesIn }: Connector, remedy: Localized, language: Language) =>
  (pagesIn?.(remedy) ?? []).map(({ href, label }) => `[${label[language]}](${href})`)

function part(connector: Connector, language: Language): string[] {
  const words = WORDS[language]
  const all = describeSettings(connector.settings)
  const rows = all.flatMap(({ key, row }) => {
    if (!row) return []
    const inner = Object.entries(row).map(([name, field]) => ({ key: name, ...field }))
    return [`### ${words.row(key)}`, words.rowText, fields(inner, language)]
  })
  const failures = Object.entries(connector.failures).map(([code, { failure, meaning, remedy }]) => [
    `\`${code}\``,
    `\`${failure}\`${words.aside(words.then[FAILURES[failure].then])}`,
    escaped(meaning[language]),
    [escaped(remedy[language]), ...pagesOf(connector, remedy, language)].join(' '),
  ])
  return [
    `# ${connector.name[language]}`,
    connector.description[language],
    words.guide(connector.id),
    words.made,
    `## ${words.settings}`,
    words.settingsText,
    fields(all, language),
    ...rows,
    `## ${words.failures}`,
    words.failuresText,
    table([words.code, words.failure, words.meaning, words.remedy], failures),
  ]
}

const pathOf = (id: string, language: Language) =>
  `docs/connectors/${id}${language === 'en' ? '' : `.${language}`}.md`

/** Path in the repository → text, for every connector and language. */
export function connectorDocuments(): ReadonlyMap<string, string> {
  return new Map(
    connectors.flatMap(connector =>
      (['en', 'zh-CN'] as const).map(
        language => [pathOf(connector.id, language), `${part(connector, language).join('\n\n')}\n`] as const,
      ),
    ),
  )
}

/** The documents that are missing or differ from what the connectors say. */
export const staleDocuments = (): string[] =>
  [...connectorDocuments()].flatMap(([path, text]) => (textOf(path) === text ? [] : [path]))
