import type { Localized } from '@countersign/kit'

const both = (en: string, zh: string): Localized => ({ en, 'zh-CN': zh })

/** What stands around the connectors' own texts. */
export const WORDS = {
  meaning: both('Meaning', '含义'),
  remedy: both('Remedy', '处理办法'),
  source: both('Source', '出处'),
  wait: both('Wait', '等待'),
  answer: both('Answer', '原始响应'),
  code: both('Code', '验证码'),
  arrived: both('Arrived', '收到内容'),
  maybeSent: both(
    'The message may have been sent all the same: look at the phone or mailbox before sending again.',
    '消息仍可能已经发出：重新发送前请先查看手机或邮箱。',
  ),
  country: both('Country', '国家或地区'),
  endpoint: both('Endpoint', '服务地址'),
  simulated: both(
    'Answered by the simulated cloud; nothing has left this machine.',
    '由模拟云应答，未向外发送任何内容。',
  ),
  noFindings: both('Nothing to find fault with.', '未发现问题。'),
  errors: both('errors', '个错误'),
  warnings: both('warnings', '个警告'),
  error: both('error', '个错误'),
  warning: both('warning', '个警告'),
  approved: both('approved', '通过'),
  in_review: both('in review', '审核中'),
  rejected: both('rejected', '未通过'),
  missing: both('missing', '缺失'),
  unknown: both('unknown', '未知'),
} as const satisfies Record<string, Localized>

/** How a send ended. */
export const OUTCOMES = {
  accepted: (name: Localized, to: string) =>
    both(`${name.en} accepted the message to ${to}`, `${name['zh-CN']}已受理发往 ${to} 的消息`),
  refused: (name: Localized, to: string) =>
    both(`${name.en} refused the message to ${to}`, `${name['zh-CN']}拒绝了发往 ${to} 的消息`),
  unreached: (name: Localized, to: string) =>
    both(
      `${name.en} was not reached; nothing was sent to ${to}`,
      `未能连接${name['zh-CN']}，未向 ${to} 发送任何内容`,
    ),
  unanswered: (name: Localized, to: string) =>
    both(
      `${name.en} gave no clear answer about the message to ${to}`,
      `${name['zh-CN']}未对发往 ${to} 的消息给出明确答复`,
    ),
}

/** A member of a configuration as one would write it in code: `templates[0].templateCode`. */
export const pathOf = (path: readonly (string | number)[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  ) || '(configuration)'
