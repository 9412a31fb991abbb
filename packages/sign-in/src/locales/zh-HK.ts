import type { Locale } from '../locale.ts'
import { locale as taiwan } from './zh-TW.ts'

/** What Hong Kong calls otherwise than Taiwan; longer words first, so that no shorter one breaks them. */
const WORDS: readonly (readonly [string, string])[] = [
  ['電子郵件', '電郵'],
  ['使用者名稱', '用戶名稱'],
  ['使用者', '用戶'],
  ['隱私權政策', '私隱政策'],
  ['電信業者', '電訊商'],
  ['收件匣', '收件箱'],
  ['垃圾郵件', '垃圾電郵'],
  ['社群連接器', '社交連接器'],
  ['簡訊', '短訊'],
  ['帳號', '帳戶'],
  ['金鑰', '密鑰'],
  ['中國大陸', '中國內地'],
]

const inHongKong = (text: string) => WORDS.reduce((said, [there, here]) => said.replaceAll(there, here), text)

const each = <T extends Record<string, string>>(texts: T): T =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, inHongKong(text)])) as T

/** 繁體中文（香港用語）。 */
export const locale: Locale = {
  ...taiwan,
  tag: 'zh-HK',
  name: '繁體中文（香港）',
  labels: each({ ...taiwan.labels }),
  notices: each(taiwan.notices),
  passwordIssues: each(taiwan.passwordIssues),
  errors: each(taiwan.errors),
  countries: { CN: '中國內地', HK: '香港', MO: '澳門', TW: '台灣' },
}
