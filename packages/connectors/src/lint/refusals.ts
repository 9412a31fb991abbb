import {
  type Connector,
  type Finding,
  type Localized,
  type SettingsTable,
  settingsSchema,
} from '@countersign/kit'
import { both, type Draft, error } from './finding.ts'

const FILL_IN = both(
  'Fill the field in; the guide says where to find the value.',
  '请填写该字段；配置指南说明了在哪里可以找到。',
)
const CORRECT = both(
  'Correct the value; the guide shows what it looks like.',
  '请更正该值；配置指南中有示例。',
)
const SHORTEN = both('Shorten the text.', '请缩短文本。')

/** The sentences of the settings' own checks: what they are in Chinese, and what to do. */
// biome-ignore format: one line per sentence
const SENTENCES: readonly [test: RegExp, zh: string, code: string, remedy: Localized][] = [
  [/^is required$/, '为必填项', 'field_missing', FILL_IN],
  [/^must not be empty$/, '不能为空', 'field_missing', FILL_IN],
  [/^must be at most (\d+) characters$/, '不能超过 $1 个字符', 'text_too_long', SHORTEN],
  [/^has no template for (.+); add one row for each$/, '缺少以下用途的模板：$1', 'usage_types_missing', both('Add a row for each; the same template may stand in several rows.', '请为每种用途添加一行；多种用途可使用同一模板。')],
  [/^(.+) stands twice; keep one$/, '重复：$1', 'usage_type_twice', both('Remove one of the two rows.', '请删除其中一行。')],
  [/^must be text; put it between double quotes$/, '必须是文本，请加上双引号', 'value_invalid', both('Put the value between double quotes.', '请为该值加上双引号。')],
  [/^holds half of a character; type it again$/, '含有不完整的字符', 'value_invalid', both('Type the text again instead of pasting it.', '请重新手动输入，不要粘贴。')],
  [/^must not hold ##code##: .+$/, '不能包含 ##code##：云端会自行生成验证码，本服务不知道该验证码，也无法校验', 'code_of_cloud', both('Leave it out: this server makes the code and puts it into the message itself.', '请删除；验证码由本服务生成并填入短信。')],
  [/^must be a JSON object of texts, .+$/, '必须是值均为文本的 JSON 对象，其中一个值含 {{code}}，有效分钟数写作 {{minutes}}', 'value_invalid', CORRECT],
  [/^must be a whole number from 1$/, '必须是不小于 1 的整数', 'value_invalid', CORRECT],
  [/^must be digits$/, '只能是数字', 'value_invalid', CORRECT],
  [/^must be letters, digits and signs, without spaces and characters that nobody sees$/, '只能包含字母、数字和符号，不含空格和不可见字符', 'value_invalid', both('Copy the value again from the cloud’s console, without what stands around it, or type its end by hand.', '请从云服务商控制台重新复制，不要带上前后的内容，或手动输入末尾几位。')],
  [/^must be letters, digits, - and _$/, '只能包含字母、数字、- 和 _', 'value_invalid', CORRECT],
  [/^must be exactly one mail address such as (\S+), without a name$/, '必须是单个邮箱地址，如 $1，不含名称', 'value_invalid', both('Leave the address alone in the field. A name has a field of its own; a domain in other letters is written as punycode.', '该字段只填写邮箱地址；名称请填写在单独的字段中，非英文域名请写作 Punycode。')],
  [/^must be a language tag such as zh-CN$/, '必须是语言标签，如 zh-CN', 'value_invalid', CORRECT],
  [/^must be an address like https:\/\/host, without a path$/, '必须形如 https://域名，且不含路径', 'value_invalid', CORRECT],
  [/^must be an address like http:\/\/host:port$/, '必须形如 http://主机:端口', 'value_invalid', CORRECT],
  [/^(?:Invalid option|Invalid input).*/, '取值不在可选范围内', 'value_invalid', CORRECT],
]

function labelOf(table: SettingsTable, path: Finding['path']): Localized {
  const [key = '', index, name] = path
  const field = table[key]
  const inner = name === undefined ? undefined : field?.row?.[name]
  const row = typeof index === 'number' ? ` ${index + 1}` : ''
  const of = (language: 'en' | 'zh-CN') =>
    inner?.label[language]
      ? `${field?.label[language]}${row}, ${inner.label[language]}`
      : (field?.label[language] ?? String(key)) + row
  return both(of('en'), of('zh-CN').replace(', ', '”的“'))
}

/** What the settings themselves refuse: saving fails as long as it stays. */
export function refusals(connector: Connector, draft: Draft): Finding[] {
  const result = settingsSchema(connector.settings).safeParse(draft)
  return (result.error?.issues ?? []).map(({ path, message }) => {
    const at = path as Finding['path']
    const label = labelOf(connector.settings, at)
    const known = SENTENCES.find(([test]) => test.test(message))
    const [test, zh, code, remedy] = known ?? [/$^/, '格式不正确', 'value_invalid', CORRECT]
    const sentence = test.test(message) ? message.replace(test, zh) : zh
    const english = /^Invalid/.test(message) ? 'is not one of the choices' : message
    return error(at, code, both(`${label.en}: ${english}.`, `“${label['zh-CN']}”${sentence}。`), remedy)
  })
}
