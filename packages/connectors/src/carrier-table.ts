import type { CarrierCode, Link, Localized, ReceiptAdvice } from '@countersign/kit'
import { both } from './failure-table.ts'
import { linksIn, type Place } from './places.ts'

/** One line of a table: what helps the visitor, then meaning in English and Chinese, and the operator's remedy. */
export type CarrierLine = readonly [
  advice: ReceiptAdvice | undefined,
  en: string,
  zh: string,
  remedy: Localized,
]

interface Source {
  source: string
  /** The pages that remedies name. */
  places: readonly Place[]
  document: Link
}

/** Spreads lines into a table. */
export function carrierTable(
  { source, places, document }: Source,
  lines: Readonly<Record<string, CarrierLine>>,
): Readonly<Record<string, CarrierCode>> {
  const table: Record<string, CarrierCode> = {}
  for (const [code, [advice, en, zh, remedy]] of Object.entries(lines))
    table[code] = {
      meaning: both(en, zh),
      remedy,
      ...(advice && { advice }),
      links: [...linksIn(places, remedy), document],
      source,
    }
  return table
}

// What operators can do about a carrier's code is nearly the same at every cloud.

/** The remedy of a message that arrived, or may still. */
export const NOTHING = both('Nothing is to be done.', '无需处理。')

/** The remedy where only the recipient's phone is in the way. */
export const PHONE = both(
  'Nothing is wrong with your settings: the visitor asks for another code once the phone is on and in reach.',
  '与您的配置无关：请用户开机并确认信号正常后重新获取验证码。',
)

/** The remedy where the number itself cannot be reached. */
export const OTHER_NUMBER = both(
  'Nothing is wrong with your settings: the visitor takes another number, or asks the carrier about this one.',
  '与您的配置无关：请用户更换号码，或向运营商咨询该号码的状态。',
)

/** The remedy where the recipient refuses such messages. */
export const UNBLOCK = both(
  'The visitor allows messages from services again, on the phone or at the carrier; you cannot do it for them.',
  '须由用户本人在手机上或向运营商解除拦截，您无法代为处理。',
)

/** The remedy where a limit of carrier or cloud was reached. */
export const TOO_MANY = both(
  'Wait until the limit is over. If it meets many numbers, look for somebody who asks for codes by machine.',
  '请等待限制解除；若大量号码出现此码，请排查是否有人恶意刷取验证码。',
)

/** The remedy where carrier or cloud keeps a list on which the number stands. */
export const BLOCKED = both(
  'Open a ticket and ask to have the number taken off the list, with its owner’s consent; or the visitor asks the carrier.',
  '在征得号码持有人同意后提交工单申请解除，或请用户联系运营商处理。',
)

/** The remedy where the carrier refuses what the message says. */
export const WORDS = both(
  'Look at the words of template and signature: no link, no word that reads like advertising. The carriers also refuse a signature that has not been filed; open a ticket if both are in order.',
  '请检查模板与签名的措辞，避免链接和营销用语；签名未完成实名报备也会被拦截。若均无问题，请提交工单。',
)

/** The remedy where no carrier takes the message. */
export const ROUTE = both(
  'Open a ticket with number and time: only the cloud can open or mend a route.',
  '请提供号码和时间并提交工单，由云端开通或修复通道。',
)

/** The remedy where something of the request has the wrong form. */
export const NUMBER_FORM = both(
  'Look at the number’s form and country. If it is in order, open a ticket with number and time.',
  '请核对号码格式和国家/地区；若无误，请提供号码和时间并提交工单。',
)

/** The remedy where nobody knows why. */
export const WATCH = both(
  'The visitor asks for another code. If it happens often, open a ticket with some numbers and times.',
  '请用户重新获取验证码；若频繁出现，请提供若干号码和时间并提交工单。',
)
