import { createHmac } from 'node:crypto'
import type { RobotForm } from '@countersign/api'

/** Stands before every message, so that whoever guards a robot by a keyword needs this one alone. */
export const KEYWORD = 'Countersign'

/** A message as it is read in a chat: lines of plain text. */
export interface Message {
  title: string
  lines: readonly string[]
}

/** Bytes of UTF-8 that the text of a message may have; above that a service refuses it, or shows its beginning. */
export const MOST_BYTES: Readonly<Record<RobotForm, number>> = {
  // About 20,000 for the whole body; nobody reads so much in a chat.
  dingtalk: 4000,
  // WeCom documents 2048 for text.
  wecom: 2048,
  // The body may have 20 KB.
  feishu: 4000,
  // Characters, of which the vendor advises 4000 at most.
  slack: 4000,
}

/**
 * The beginning of a text that has no more bytes of UTF-8 than the limit, cut between two characters and with a mark
 * where something is missing.
 *
 * @example cutToBytes('余额不足', 9) // '余额…'
 */
export function cutToBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text
  let left = most - Buffer.byteLength('…')
  let kept = ''
  for (const sign of text) {
    left -= Buffer.byteLength(sign)
    if (left < 0) break
    kept += sign
  }
  return `${kept}…`
}

/** What a chat would take for a mention, a link of its own or an entity stands there as a wide sign, and means nothing. */
const harmless = (text: string) =>
  text.replace(/[<>@&]/g, sign => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))

/**
 * The text of a message for a service: title, then facts, a line each.
 *
 * @example textFor('wecom', { title: 'Balance low', lines: ['Left: 42.10 CNY'] }) // 'Countersign: Balance low\nLeft: 42.10 CNY'
 */
export function textFor(form: RobotForm, { title, lines }: Message): string {
  return cutToBytes(harmless([`${KEYWORD}: ${title}`, ...lines].join('\n')), MOST_BYTES[form])
}

/**
 * DingTalk's signature: HMAC-SHA-256 over the time in milliseconds and the secret, keyed with the secret; for the query.
 *
 * @example dingtalkSign('SEC…', 1796004000000)
 */
export const dingtalkSign = (secret: string, timestamp: number): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')

/**
 * Feishu's signature: HMAC-SHA-256 over nothing, keyed with the time in seconds and the secret; for the body.
 *
 * @example feishuSign('…', 1796004000)
 */
export const feishuSign = (secret: string, timestamp: number): string =>
  createHmac('sha256', `${timestamp}\n${secret}`).digest('base64')

/** What is sent to a service, without what it is signed with. */
function bodyFor(form: RobotForm, message: Message): Record<string, unknown> {
  const text = textFor(form, message)
  switch (form) {
    case 'dingtalk':
      return { msgtype: 'text', text: { content: text }, at: { isAtAll: false } }
    case 'wecom':
      return { msgtype: 'text', text: { content: text } }
    case 'feishu':
      return { msg_type: 'text', content: { text } }
    case 'slack':
      return { text }
  }
}

/** A request to a service. */
export interface RobotRequest {
  url: string
  body: string
}

/**
 * The request that brings a message to a robot's group, signed where the robot has a secret.
 *
 * @param now milliseconds since the Unix epoch; a service takes a clock that is up to an hour wrong
 * @example robotRequest({ form: 'slack' }, 'https://hooks.slack.com/services/T/B/x', message, Date.now())
 */
export function robotRequest(
  { form, secret }: { form: RobotForm; secret?: string | undefined },
  address: string,
  message: Message,
  now: number,
): RobotRequest {
  const body = bodyFor(form, message)
  if (secret !== undefined && form === 'dingtalk') {
    const url = new URL(address)
    url.searchParams.set('timestamp', String(now))
    url.searchParams.set('sign', dingtalkSign(secret, now))
    return { url: url.href, body: JSON.stringify(body) }
  }
  if (secret !== undefined && form === 'feishu') {
    const timestamp = Math.floor(now / 1000)
    const signed = { timestamp: String(timestamp), sign: feishuSign(secret, timestamp), ...body }
    return { url: address, body: JSON.stringify(signed) }
  }
  return { url: address, body: JSON.stringify(body) }
}
