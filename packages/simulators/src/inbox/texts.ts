export const LANGUAGES = ['en', 'zh-CN'] as const
export type Language = (typeof LANGUAGES)[number]

export interface Texts {
  /** The language's own name, for the switch. */
  name: string
  title: string
  banner: string
  allowList: string
  filter: string
  filterHint: string
  apply: string
  showAll: string
  clear: string
  phone: string
  mailbox: string
  noSms: string
  noMail: string
  to: string
  from: string
  copy: string
  copied: string
  content: string
  offline: string
}

export const TEXTS: Record<Language, Texts> = {
  en: {
    name: 'English',
    title: 'Simulated inbox',
    banner: 'Nothing here left this machine: these messages were accepted by simulated clouds.',
    allowList:
      'The numbers +86 138 0013 8000 to +86 138 0013 8299 are on the allow-list: no frequency limits apply to them.',
    filter: 'Recipient',
    filterHint: 'Number or address',
    apply: 'Filter',
    showAll: 'Show all',
    clear: 'Empty inbox',
    phone: 'Phone',
    mailbox: 'Mailbox',
    noSms: 'No text messages yet.',
    noMail: 'No mail yet.',
    to: 'To',
    from: 'From',
    copy: 'Copy code',
    copied: 'Copied',
    content: 'Content of the mail',
    offline: 'The connection was lost; trying again …',
  },
  'zh-CN': {
    name: '简体中文',
    title: '模拟收件箱',
    banner: '这里的消息均由模拟云服务接收，从未离开本机。',
    allowList: '+86 138 0013 8000 至 +86 138 0013 8299 为白名单号码，不受发送频率限制。',
    filter: '收件人',
    filterHint: '手机号或邮箱地址',
    apply: '筛选',
    showAll: '显示全部',
    clear: '清空收件箱',
    phone: '手机短信',
    mailbox: '邮箱',
    noSms: '暂无短信。',
    noMail: '暂无邮件。',
    to: '发送至',
    from: '发件人',
    copy: '复制验证码',
    copied: '已复制',
    content: '邮件正文',
    offline: '连接已断开，正在重新连接……',
  },
}

/** The language asked for, else the first of the two in an Accept-Language header, else English. */
export function chooseLanguage(
  asked: string | null | undefined,
  accept: string | null | undefined,
): Language {
  if (asked === 'en' || asked === 'zh-CN') return asked
  for (const range of (accept ?? '').toLowerCase().split(',')) {
    const tag = range.split(';')[0]?.trim() ?? ''
    if (/^zh\b/.test(tag)) return 'zh-CN'
    if (/^en\b/.test(tag)) return 'en'
  }
  return 'en'
}
