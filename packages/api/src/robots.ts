import { z } from 'zod'
import { LocalizedText } from './common.ts'

/** Chat services whose robots take messages about events, beside receivers that take the event itself as JSON. */
export const ROBOT_FORMS = ['dingtalk', 'wecom', 'feishu', 'slack'] as const
export type RobotForm = (typeof ROBOT_FORMS)[number]

/** Languages in which robots write. */
export const ROBOT_LANGUAGES = ['en', 'zh-CN'] as const

/** Where the robots of a service are asked; each service gives addresses of this beginning alone. */
export const ROBOT_PLACES: Readonly<Record<RobotForm, { hosts: readonly string[]; path: string }>> = {
  dingtalk: { hosts: ['oapi.dingtalk.com'], path: '/robot/send' },
  wecom: { hosts: ['qyapi.weixin.qq.com'], path: '/cgi-bin/webhook/send' },
  feishu: { hosts: ['open.feishu.cn', 'open.larksuite.com'], path: '/open-apis/bot/v2/hook/' },
  slack: { hosts: ['hooks.slack.com', 'hooks.slack-gov.com'], path: '/services/' },
}

/** The services whose robots can have a secret, with which messages are signed. */
export const SIGNED_ROBOTS: readonly RobotForm[] = ['dingtalk', 'feishu']

/** Which member of the query is the robot's token, where the path has none. */
const TOKEN_IN_QUERY: Partial<Record<RobotForm, string>> = { dingtalk: 'access_token', wecom: 'key' }

/** The token where it stands in the path, in one part or several. */
const TOKEN_IN_PATH = /^[\w-]+(?:\/[\w-]+)*$/

/** Longest address that is taken for a robot's. */
const LONGEST_ADDRESS = 1024

/**
 * Whether an address is one that a service gives to its robots: over TLS, at its host and path, with a token.
 *
 * @example isRobotAddress('wecom', 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k') // true
 */
export function isRobotAddress(form: RobotForm, address: string): boolean {
  const url = address.length > LONGEST_ADDRESS ? null : URL.parse(address)
  if (url?.protocol !== 'https:' || url.port !== '' || url.username || url.password || url.hash) return false
  const { hosts, path } = ROBOT_PLACES[form]
  if (!hosts.includes(url.hostname)) return false
  const inQuery = TOKEN_IN_QUERY[form]
  if (inQuery) return url.pathname === path && Boolean(url.searchParams.get(inQuery))
  return url.pathname.startsWith(path) && TOKEN_IN_PATH.test(url.pathname.slice(path.length))
}

/**
 * The token in a robot's address, which is all that somebody needs to write into its group; empty where there is none.
 *
 * @example robotToken('wecom', 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k') // 'k'
 */
export function robotToken(form: RobotForm, address: string): string {
  const url = URL.parse(address)
  const inQuery = TOKEN_IN_QUERY[form]
  return (
    (inQuery ? url?.searchParams.get(inQuery) : url?.pathname.slice(ROBOT_PLACES[form].path.length)) ?? ''
  )
}

/**
 * An address as lists and logs may show it: whoever knows a robot's address can write into its group, so its token is
 * left out. Addresses of other hosts are shown as they are.
 *
 * @example shownAddress('https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k') // 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?…'
 */
export function shownAddress(address: string): string {
  const host = URL.parse(address)?.hostname ?? ''
  const place = Object.values(ROBOT_PLACES).find(({ hosts }) => hosts.includes(host))
  if (!place) return address
  return `https://${host}${place.path}${place.path.endsWith('/') ? '' : '?'}…`
}

/** What makes a webhook a robot's: it is told in sentences, in a group of a chat. */
const fields = {
  form: z.enum(ROBOT_FORMS),
  language: z.enum(ROBOT_LANGUAGES),
}

/** How answers show it: the secret is never told again, only whether there is one. */
export const Robot = z.object({ ...fields, signed: z.boolean() })
export type Robot = z.output<typeof Robot>

/** How it is said: a secret that is left out stays as it is stored, and `null` takes it away. */
export const RobotInput = z
  .object({
    form: fields.form,
    language: fields.language.default('en'),
    secret: z
      .string()
      .regex(/^[\x21-\x7e]{1,256}$/, 'must be the secret as the service shows it, without spaces')
      .nullable()
      .optional(),
  })
  .refine(({ form, secret }) => !secret || SIGNED_ROBOTS.includes(form), {
    path: ['secret'],
    message: 'must be left out: robots of this service have none',
  })
export type RobotInput = z.output<typeof RobotInput>

/** What an answer of a service means that did not take a message. */
export const RobotFailure = z.object({
  /** Whose fault it is, and so what helps: settings, patience, a report to us, or nothing but another try. */
  kind: z.enum(['configuration', 'too-fast', 'ours', 'passing']),
  meaning: LocalizedText,
  remedy: LocalizedText,
})
export type RobotFailure = z.output<typeof RobotFailure>
