import type { Failure, FailureTable, KnownFailure, Link, Localized } from '@countersign/kit'
import { linksIn, type Place } from './places.ts'

/** One line of a table: the failure, then meaning and remedy in English and Chinese. */
export type Line = readonly [failure: Failure, en: string, zh: string, remedy: Localized]

/** A text in the two languages every table has. */
export const both = (en: string, zh: string): Localized => ({ en, 'zh-CN': zh })

/** The remedy where a request lacks what a field of the settings holds. */
export const FILL_IN = both(
  'Open the connection, fill that field in and save.',
  '打开该连接的设置，填写相应字段后保存。',
)

/** The remedy where only the connector itself, or something on the way, can be at fault. */
export const REPORT = both(
  'This is not about your settings: something rewrites requests on the way, or the connector has a fault. Check proxies, then report it.',
  '与您的配置无关：可能是中间代理改写了请求，或连接器存在缺陷。请检查代理，然后反馈问题。',
)

/** Where a table's failures are explained: in words, and the address for a code. */
interface Source {
  source: string
  /** The pages that remedies name. */
  places: readonly Place[]
  document?: Link | ((code: string) => Link)
}

/** Spreads lines into a table. */
export function failureTable(
  { source, places, document }: Source,
  lines: Readonly<Record<string, Line>>,
): FailureTable {
  const table: Record<string, KnownFailure> = {}
  for (const [code, [failure, en, zh, remedy]] of Object.entries(lines)) {
    const explained = typeof document === 'function' ? document(code) : document
    const links = [...linksIn(places, remedy), ...(explained ? [explained] : [])]
    table[code] = { failure, meaning: both(en, zh), remedy, ...(links.length > 0 && { links }), source }
  }
  return table
}

/** The few codes that a connector gives itself, before anything is sent. */
// biome-ignore format: one line per code
export const ownFailures = failureTable({ source: 'Countersign', places: [] }, {
  template_missing: ['message_rejected', 'No template is set for this usage type, nor one for Generic.', '未为该用途配置模板，也没有 Generic 模板。', both('Add a row with the usage type Generic to the templates.', '请在模板列表中添加用途为 Generic 的一行。')],
  recipient_malformed: ['recipient_invalid', 'The recipient is not one phone number or one mail address.', '收件人不是单个有效的手机号或邮箱地址。', both('Give a number as digits with its country code, or a single mail address.', '请填写带国家/地区码的号码，或单个邮箱地址。')],
  overseas_template_missing: ['region_unsupported', 'The number is outside mainland China and there is no template for it.', '收件号码不在中国内地，且未配置国际/港澳台模板。', both('Add a template for numbers outside mainland China: the code of an international template, to this usage type or to Generic.', '请添加用于中国内地以外号码的模板：为该用途或 Generic 填写国际/港澳台模板。')],
  china_template_missing: ['region_unsupported', 'The number is in mainland China and there is no template for it.', '收件号码在中国内地，且未配置国内模板。', both('Add the code of a domestic template to this usage type or to Generic.', '请为该用途或 Generic 填写国内模板。')],
  minutes_missing: ['message_rejected', 'The template wants the minutes a code is good for, and the message does not say them.', '模板需要验证码有效分钟数，但消息中没有该值。', both('Use a template with the code alone, or have the caller pass the minutes.', '请改用仅含验证码的模板，或由调用方传入有效分钟数。')],
  subject_too_long: ['message_rejected', 'The subject, filled in, has more than 100 characters.', '填入变量后的邮件主题超过 100 个字符。', both('Shorten the subject of this usage type.', '请缩短该用途的邮件主题。')],
  sender_name_too_long: ['message_rejected', 'The sender name has more than fourteen characters.', '发信人昵称超过 14 个字符。', both('Set a sender name of at most fourteen characters, or leave it empty.', '请将发信人昵称设为不超过 14 个字符，或留空。')],
  lone_surrogate: ['message_rejected', 'A text holds half of a character (a lone surrogate) and cannot be encoded.', '文本中含有不完整的字符（孤立代理项），无法编码。', both('Type signature name, subject and content again instead of pasting them.', '请重新手动输入签名、主题和正文，不要粘贴。')],
})
