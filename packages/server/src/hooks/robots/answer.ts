import type { RobotFailure, RobotForm } from '@countersign/api'
import { type FailureName, failureOf } from './failures.ts'

/** What an answer comes to. */
export interface Verdict {
  /** Undefined when the message is in the group. */
  failure?: RobotFailure
  /** Milliseconds to wait at least before another try; undefined where none helps. */
  retryAfter?: number
}

const MINUTE = 60_000

/** DingTalk's error codes. Sources: its pages, where they are repeated by many; 300005, 40035, 43002 as it answers. */
const DINGTALK: Readonly<Record<number, FailureName>> = {
  [-1]: 'busy',
  130101: 'too-fast',
  410100: 'too-fast',
  310000: 'guard',
  300001: 'token',
  300005: 'token',
  400101: 'token',
  400013: 'gone',
  400102: 'gone',
  400106: 'gone',
  40035: 'ours',
  43002: 'ours',
  43004: 'ours',
  400105: 'ours',
}

/** WeCom's. 40008 and 40058 are UNVERIFIED. */
const WECOM: Readonly<Record<number, FailureName>> = {
  [-1]: 'busy',
  45009: 'too-fast',
  93000: 'token',
  40008: 'ours',
  40058: 'ours',
}

/** Feishu's and Lark's. 19001 is UNVERIFIED. */
const FEISHU: Readonly<Record<number, FailureName>> = {
  19001: 'token',
  19021: 'signature',
  19022: 'address',
  19024: 'keyword',
  9499: 'ours',
  11232: 'too-fast',
}

/** Slack's words. */
const SLACK: Readonly<Record<string, FailureName>> = {
  invalid_payload: 'ours',
  no_text: 'ours',
  too_many_attachments: 'ours',
  action_prohibited: 'prohibited',
  invalid_token: 'token',
  no_service: 'token',
  no_service_id: 'token',
  no_team: 'gone',
  channel_not_found: 'gone',
  channel_is_archived: 'gone',
  rollup_error: 'busy',
}

/** DingTalk has one code for all guards; its words tell which. */
function guardOf(words: string): FailureName {
  if (/keyword/i.test(words)) return 'keyword'
  if (/sign|timestamp/i.test(words)) return 'signature'
  return /\bip\b|whitelist/i.test(words) ? 'address' : 'guard'
}

function members(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** How the services of a 200 for everything say what became of a message. */
function named(form: Exclude<RobotForm, 'slack'>, text: string): FailureName | undefined {
  const answer = members(text)
  // Feishu's older robots use the second name alone.
  const code = form === 'feishu' ? (answer?.code ?? answer?.StatusCode) : answer?.errcode
  if (code === 0) return undefined
  if (typeof code !== 'number') return 'unreadable'
  const table = { dingtalk: DINGTALK, wecom: WECOM, feishu: FEISHU }[form]
  const name = table[code] ?? 'unknown'
  return name === 'guard' ? guardOf(String(answer?.errmsg)) : name
}

/** What the status alone says. */
function byStatus(status: number): FailureName | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status >= 300 && status < 400) return 'redirect'
  if (status === 429) return 'too-fast'
  if (status === 408 || status >= 500) return 'busy'
  return 'unknown'
}

function nameOf(form: RobotForm, status: number, text: string): FailureName | undefined {
  if (form === 'slack') {
    const word = text.trim()
    if (status === 200) return word === 'ok' ? undefined : 'unreadable'
    return Object.hasOwn(SLACK, word) ? SLACK[word] : byStatus(status)
  }
  // Where a code stands in the body, it says more than the status.
  const name = named(form, text)
  return name === 'unreadable' ? (byStatus(status) ?? name) : name
}

/**
 * What a service's answer says of a message. A 200 alone proves nothing: but for Slack, the body must say so too.
 *
 * @param text the body, or its beginning
 * @param wished seconds of `Retry-After`
 * @example readAnswer('wecom', 200, '{"errcode":93000,"errmsg":"invalid webhook url"}').failure?.kind // 'configuration'
 */
export function readAnswer(form: RobotForm, status: number, text: string, wished?: number): Verdict {
  const name = nameOf(form, status, text)
  if (name === undefined) return {}
  const failure = failureOf(name)
  if (failure.kind === 'too-fast') return { failure, retryAfter: Math.max(MINUTE, (wished ?? 0) * 1000) }
  return { failure, ...(failure.kind === 'passing' && { retryAfter: (wished ?? 0) * 1000 }) }
}
