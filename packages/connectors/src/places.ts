import type { Link, Localized } from '@countersign/kit'

/** A page of a cloud, and how remedies name it in English. */
export interface Place {
  named: RegExp
  link: Link
}

const label = (en: string, zh: string): Localized => ({ en, 'zh-CN': zh })

const place = (named: RegExp, href: string, en: string, zh: string): Place => ({
  named,
  link: { href, label: label(en, zh) },
})

/** The pages that a remedy names, in the order in which they are listed. */
export const linksIn = (places: readonly Place[], { en }: Localized): Link[] =>
  places.filter(({ named }) => named.test(en)).map(({ link }) => link)

/** Pages of Alibaba Cloud that are about no product of its own. */
export const ALIYUN_PLACES: readonly Place[] = [
  place(
    /\bRAM console\b|\bto the RAM user\b/,
    'https://ram.console.aliyun.com/users',
    'RAM console',
    'RAM 控制台',
  ),
  place(/\bExpenses and Costs\b/, 'https://usercenter2.aliyun.com/home', 'Expenses and Costs', '费用与成本'),
  place(
    /(?<!\b(?:in|of) the )\bAlibaba Cloud console\b|\bwith the console\b/,
    'https://home.console.aliyun.com',
    'Alibaba Cloud console',
    '阿里云控制台',
  ),
  place(
    /\bticket\b/,
    'https://smartservice.console.aliyun.com/service/create-ticket',
    'New ticket',
    '提交工单',
  ),
  place(
    /\bstatus\.aliyun\.com\b|\bprovider's status page\b/,
    'https://status.aliyun.com',
    'Status of Alibaba Cloud',
    '阿里云健康看板',
  ),
]

/** The console of the product at hand, as remedies call it where they mean it and say less. */
const CONSOLE = /\bin the console\b|\b(?:cloud|provider)[’']s console\b|\blist of (?:signatures|templates)\b/
  .source
const DOCUMENTS = /\bprovider's documents\b/

const ALIYUN_SMS_CODES = place(
  DOCUMENTS,
  'https://help.aliyun.com/document_detail/101346.html',
  'API error codes of Alibaba Cloud SMS',
  '阿里云短信服务 API 错误码',
)
/** Pages that remedies of Aliyun SMS name. */
export const ALIYUN_SMS_PLACES: readonly Place[] = [
  place(
    new RegExp(`\\bSMS console\\b|\\bdysms\\.console\\.|${CONSOLE}`),
    'https://dysms.console.aliyun.com',
    'SMS console',
    '短信服务控制台',
  ),
  ...ALIYUN_PLACES,
  ALIYUN_SMS_CODES,
]

const ALIYUN_PNVS_CODES = place(
  DOCUMENTS,
  'https://api.aliyun.com/document/Dypnsapi/2017-05-25/SendSmsVerifyCode',
  'SendSmsVerifyCode of PNVS',
  '号码认证服务 SendSmsVerifyCode 接口',
)
/** Pages that remedies of Aliyun PNVS name. */
export const ALIYUN_PNVS_PLACES: readonly Place[] = [
  place(
    new RegExp(`\\bPNVS console\\b|${CONSOLE}`),
    'https://dypns.console.aliyun.com',
    'PNVS console',
    '号码认证服务控制台',
  ),
  ...ALIYUN_PLACES,
  ALIYUN_PNVS_CODES,
]

const ALIYUN_DM_CODES = place(
  DOCUMENTS,
  'https://help.aliyun.com/document_detail/29444.html',
  'SingleSendMail of Direct Mail',
  '邮件推送 SingleSendMail 接口',
)
/** Pages that remedies of Aliyun Direct Mail name. */
export const ALIYUN_DM_PLACES: readonly Place[] = [
  place(
    new RegExp(`\\bDirect Mail console\\b|\\bdm\\.console\\.|\\bActivate Direct Mail\\b|${CONSOLE}`),
    'https://dm.console.aliyun.com',
    'Direct Mail console',
    '邮件推送控制台',
  ),
  ...ALIYUN_PLACES,
  ALIYUN_DM_CODES,
]

const TENCENT_CODES = place(
  DOCUMENTS,
  'https://cloud.tencent.com/document/api/382/59177',
  'Error codes of Tencent Cloud SMS',
  '腾讯云短信错误码',
)
/** Pages that remedies of Tencent Cloud SMS name. */
export const TENCENT_PLACES: readonly Place[] = [
  place(
    new RegExp(`\\bSMS console\\b|${CONSOLE}`),
    'https://console.cloud.tencent.com/smsv2',
    'SMS console',
    '短信控制台',
  ),
  place(
    /\bCAM console → Access Key\b/,
    'https://console.cloud.tencent.com/cam/capi',
    'API keys in the CAM console',
    'API 密钥管理',
  ),
  place(
    /\bCAM console\b(?! → Access Key)|\bto the CAM user\b/,
    'https://console.cloud.tencent.com/cam',
    'CAM console',
    '访问管理（CAM）控制台',
  ),
  place(/\btop up the account\b/, 'https://console.cloud.tencent.com/expense/recharge', 'Top up', '账号充值'),
  place(/\bticket\b/, 'https://console.cloud.tencent.com/workorder/category', 'New ticket', '提交工单'),
  place(
    /\bprovider's status page\b/,
    'https://status.cloud.tencent.com',
    'Status of Tencent Cloud',
    '腾讯云健康看板',
  ),
  TENCENT_CODES,
]

/** The documents in which failures are explained. */
export const DOCUMENTED_IN = {
  aliyunSms: ALIYUN_SMS_CODES.link,
  aliyunPnvs: ALIYUN_PNVS_CODES.link,
  aliyunDm: ALIYUN_DM_CODES.link,
  tencentSms: TENCENT_CODES.link,
  tencentCommon: {
    href: 'https://cloud.tencent.com/document/api/382/52075',
    label: label('Common error codes of Tencent Cloud', '腾讯云公共错误码'),
  },
  aliyunSmsReceipts: {
    href: 'https://help.aliyun.com/document_detail/101347.html',
    label: label('Receipt codes of Alibaba Cloud SMS', '阿里云短信服务回执错误码'),
  },
  aliyunDmReceipts: {
    href: 'https://help.aliyun.com/document_detail/44499.html',
    label: label('Bounce codes of Direct Mail', '邮件推送退信代码'),
  },
  tencentReceipts: {
    href: 'https://cloud.tencent.com/document/product/382/3771',
    label: label('Receipt codes of Tencent Cloud SMS', '腾讯云短信状态回执错误码'),
  },
  /** Of the gateway in front of all products: it has a page for each code. */
  aliyunGateway: (code: string): Link => ({
    href: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}`,
    label: label(`${code} at Alibaba Cloud`, `阿里云诊断：${code}`),
  }),
}
