import { type Field, fillPlaceholders, isObject, optionalText } from '@countersign/kit'

/** What every gifted template wants. */
export const USUAL_PARAM = '{"code":"{{code}}","min":"{{minutes}}"}'

/** What the cloud takes for the wish that it make the code; there may be more of its kind. */
const CLOUDS_OWN = /##\w*##/

/** Says whether a text asks the cloud for a code of its own. */
export const asksForCode = (text: string): boolean => CLOUDS_OWN.test(text)

/** Says why a field may not ask the cloud for a code: only the cloud could check it, and nobody here would know it. */
const NO_CODE_OF_THE_CLOUD =
  'must not hold ##code##: the cloud would make a code of its own, which this server does not know and cannot check'

/** A text field that refuses the cloud's placeholder and says why. */
export const withoutCloudsCode = <T>(field: Field<T>): Field<T> => ({
  ...field,
  schema: field.schema.refine(value => !asksForCode(String(value)), NO_CODE_OF_THE_CLOUD),
})

const PLACEHOLDERS = /\{\{\s*(?:code|minutes)\s*\}\}/g

function isParam(text: string): boolean {
  const texts = textsOf(text)
  if (!texts) return false
  const values = Object.values(texts)
  return (
    values.some(value => /\{\{\s*code\s*\}\}/.test(value)) &&
    values.every(value => !value.replace(PLACEHOLDERS, '').includes('{{'))
  )
}

/** The members of a JSON object of texts; undefined for any other text. */
function textsOf(text: string): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (!isObject(value) || !Object.values(value).every(each => typeof each === 'string')) return undefined
    return value as Record<string, string>
  } catch {
    return undefined
  }
}

const NO_PARAM = `must be a JSON object of texts, with {{code}} in one of them, and {{minutes}} where they belong`

const plain = optionalText({
  label: { en: 'Template variables', 'zh-CN': '模板变量' },
  help: {
    en: `Only for templates whose variables are others than code and min, as TemplateParam: ${USUAL_PARAM}. Never with ##code##: the cloud’s own code cannot be checked here.`,
    'zh-CN': `仅当模板变量不是 code 和 min 时填写，格式同 TemplateParam：${USUAL_PARAM}。不可使用 ##code##：由云端生成的验证码无法在此校验。`,
  },
  placeholder: USUAL_PARAM,
  maxLength: 512,
  advanced: true,
})

/** The variables of the templates as an operator may word them; left out, what gifted templates want. */
export const templateParam: Field<string | undefined> = withoutCloudsCode({
  ...plain,
  schema: plain.schema.refine(value => value === undefined || asksForCode(value) || isParam(value), NO_PARAM),
})

/** `TemplateParam` of one message: our own code, and the minutes for which it is good. */
export function paramFor(param: string | undefined, values: { code: string; minutes: number }): string {
  const filled = Object.entries(textsOf(param ?? USUAL_PARAM) ?? {}).map(([name, value]) => [
    name,
    fillPlaceholders(value, values),
  ])
  return JSON.stringify(Object.fromEntries(filled))
}
