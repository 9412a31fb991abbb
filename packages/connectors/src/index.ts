import { readFileSync } from 'node:fs'
import type { Connector, Finding, LintContext } from '@countersign/kit'
import { chooseTag } from '@countersign/kit'
import { aliyunDm } from './aliyun-dm/aliyun-dm.ts'
import { aliyunPnvs } from './aliyun-pnvs/aliyun-pnvs.ts'
import { aliyunSms } from './aliyun-sms/aliyun-sms.ts'
import { lintWith } from './lint/lint-with.ts'
import { tencentSms } from './tencent-sms/tencent-sms.ts'

export { aliyunDm, aliyunPnvs, aliyunSms, lintWith, tencentSms }

/** Every connector of this package; a new one is added here and nowhere else. */
export const connectors: readonly Connector[] = [aliyunSms, aliyunPnvs, aliyunDm, tencentSms]

/**
 * What is wrong with a configuration of one of these connectors, or will be once messages go out. Asks nobody.
 * Throws `RangeError` for an unknown id.
 */
export function lint(id: string, settings: Record<string, unknown>, context: LintContext): Finding[] {
  const connector = connectors.find(each => each.id === id)
  if (!connector) throw new RangeError('There is no such connector')
  return lintWith(connector, settings, context)
}

/** The languages in which every connector has a guide. */
export const GUIDE_LANGUAGES = ['en', 'zh-CN', 'zh-TW', 'ko', 'ru', 'ja'] as const

const files = new Map<string, string>()

/** A file of a connector's folder, read once; only for ids of the registry, so no path can be smuggled in. */
function fileOf(id: string, path: string): string {
  if (!connectors.some(connector => connector.id === id)) throw new RangeError('There is no such connector')
  const key = `${id}/${path}`
  let text = files.get(key)
  if (text === undefined) {
    text = readFileSync(new URL(`./${key}`, import.meta.url), 'utf8')
    files.set(key, text)
  }
  return text
}

/** The connector's guide as Markdown, in the language closest to the tag. Throws `RangeError` for an unknown id. */
export function guideOf(id: string, language: string): string {
  return fileOf(id, `guide/${chooseTag([language], GUIDE_LANGUAGES) ?? 'en'}.md`)
}

/** The connector's logo as SVG text. Throws `RangeError` for an unknown id. */
export function logoOf(id: string): string {
  return fileOf(id, 'logo.svg')
}
