/** A text in several languages; English and Simplified Chinese are always there. */
export type Localized = { en: string; 'zh-CN': string } & { [languageTag: string]: string }

/** What delivery does after a failure: give up, try the same provider again, or try another one. */
export type Then = 'stop' | 'retry' | 'reroute'

interface FailureInfo {
  then: Then
  meaning: Localized
  remedy: Localized
}

/**
 * The closed list of ways in which a send can fail. Every provider code is mapped to one of them in the
 * connector's `failures.ts`; delivery, the wire and the pages know nothing finer.
 */
export const FAILURES = {
  recipient_invalid: {
    then: 'stop',
    meaning: { en: 'There is no such number or address.', 'zh-CN': '该号码或地址不存在。' },
    remedy: { en: 'Check the recipient and send again.', 'zh-CN': '请核对收件人后重新发送。' },
  },
  recipient_blocked: {
    then: 'stop',
    meaning: {
      en: 'The recipient has opted out or is on a block list.',
      'zh-CN': '收件人已退订或在黑名单中。',
    },
    remedy: {
      en: 'Ask the recipient to contact the provider, or use another way to reach them.',
      'zh-CN': '请收件人联系服务商解除限制，或改用其他联系方式。',
    },
  },
  rate_limited: {
    then: 'stop',
    meaning: {
      en: 'Too many messages to this recipient in a short time.',
      'zh-CN': '短时间内向该收件人发送的消息过多。',
    },
    remedy: { en: 'Wait, then send again.', 'zh-CN': '请稍候再发送。' },
  },
  unreachable: {
    then: 'retry',
    meaning: { en: 'The provider did not answer.', 'zh-CN': '服务商没有响应。' },
    remedy: {
      en: "Check the network, proxy and endpoint; look at the provider's status page.",
      'zh-CN': '请检查网络、代理和接入地址，并查看服务商的状态页。',
    },
  },
  provider_fault: {
    then: 'retry',
    meaning: {
      en: 'The provider answered with something that is not an answer.',
      'zh-CN': '服务商返回了无法识别的响应。',
    },
    remedy: {
      en: 'Try again; if it stays, something between this server and the provider rewrites answers.',
      'zh-CN': '请重试；若持续出现，可能有中间设备改写了响应。',
    },
  },
  throttled: {
    then: 'reroute',
    meaning: { en: 'The account sends too fast.', 'zh-CN': '该账号的发送速度过快。' },
    remedy: {
      en: 'Slow down, or ask the provider for a higher rate.',
      'zh-CN': '请降低发送速度，或向服务商申请提高频率上限。',
    },
  },
  balance_exhausted: {
    then: 'reroute',
    meaning: { en: 'The money or the quota of the account is used up.', 'zh-CN': '账号余额或配额已用尽。' },
    remedy: {
      en: "Top up or raise the limit in the provider's console.",
      'zh-CN': '请在服务商控制台充值或提高限额。',
    },
  },
  credentials_rejected: {
    then: 'reroute',
    meaning: {
      en: 'The key, the signature, the caller address or the permission was refused.',
      'zh-CN': '密钥、签名、来源 IP 或权限被拒绝。',
    },
    remedy: {
      en: 'Check the key pair, its permission and the IP allow-list.',
      'zh-CN': '请检查密钥、授权策略以及 IP 白名单。',
    },
  },
  message_rejected: {
    then: 'reroute',
    meaning: {
      en: 'The template, the signature name or the content was refused.',
      'zh-CN': '模板、签名名称或内容被拒绝。',
    },
    remedy: {
      en: "Compare the settings with what is approved in the provider's console.",
      'zh-CN': '请将配置与服务商控制台中已审核通过的内容核对。',
    },
  },
  region_unsupported: {
    then: 'reroute',
    meaning: {
      en: 'The provider does not deliver to that destination.',
      'zh-CN': '服务商不支持向该地区发送。',
    },
    remedy: {
      en: 'Enable the destination at the provider or use a template made for it.',
      'zh-CN': '请在服务商处开通该地区，或使用适用于该地区的模板。',
    },
  },
  unrecognized: {
    then: 'reroute',
    meaning: {
      en: 'The provider answered with a code we do not know.',
      'zh-CN': '服务商返回了未知的错误码。',
    },
    remedy: {
      en: "Look the code up in the provider's documents; the raw answer is shown below.",
      'zh-CN': '请在服务商文档中查询该错误码；原始响应见下方。',
    },
  },
} as const satisfies Record<string, FailureInfo>

/** One of the closed list. */
export type Failure = keyof typeof FAILURES

/** A page that a remedy names: of the provider's console, or of its documents. */
export interface Link {
  /** An https address. */
  href: string
  label: Localized
}

/** One provider code, explained: what it is, what it means here, what to do, and where that is documented. */
export interface KnownFailure {
  failure: Failure
  meaning: Localized
  remedy: Localized
  /** The pages that the remedy names, then the document that explains the code. */
  links?: Link[]
  source: string
}

/** Provider code → explanation; one table per connector. */
export type FailureTable = Readonly<Record<string, KnownFailure>>

/** What operators are told of a failure. */
export type Explanation = Omit<KnownFailure, 'failure' | 'source'> & { source?: string }

/**
 * Explains a failed send to an operator: the table's own line for the provider's code, else the general
 * line of the failure.
 *
 * @param pagesIn the provider's pages that a general remedy names, as its connector knows them
 * @example explain(aliyunSms.failures, 'throttled', 'isv.BUSINESS_LIMIT_CONTROL').remedy.en
 */
export function explain(
  table: FailureTable,
  failure: Failure,
  providerCode?: string,
  pagesIn?: (remedy: Localized) => Link[],
): Explanation {
  const known =
    providerCode !== undefined && Object.hasOwn(table, providerCode) ? table[providerCode] : undefined
  if (known?.failure === failure) return known
  const general = FAILURES[failure]
  const links = pagesIn?.(general.remedy) ?? []
  return links.length === 0 ? general : { ...general, links }
}
