import { type CarrierLine, carrierTable, NOTHING } from '../carrier-table.ts'
import { both } from '../failure-table.ts'
import { ALIYUN_DM_PLACES, DOCUMENTED_IN } from '../places.ts'

const OTHER_ADDRESS = both(
  'Nothing is wrong with your settings: the visitor corrects the address or takes another one.',
  '与您的配置无关：请用户核对邮箱地址或更换邮箱。',
)
const OFF_THE_LIST = both(
  'If the address is right, open the Direct Mail console → Data Statistics → Invalid addresses and take it off the list; else the visitor takes another one.',
  '若地址无误，请打开邮件推送控制台 → 数据统计 → 无效地址，将其移出列表；否则请用户更换邮箱。',
)
const RECIPIENT_ALLOWS = both(
  'The visitor takes your sender address off their block list, or takes another address; you cannot do it for them.',
  '须由用户将您的发信地址移出拒收名单，或更换邮箱，您无法代为处理。',
)
const SLOWER = both(
  'Wait: receivers let mail of a sender pass again after minutes or hours. If it stays, spread the mails, or ask by ticket for a dedicated address.',
  '请等待，收件方通常在数分钟至数小时后恢复接收；若持续出现，请分散发送，或提交工单申请独立 IP。',
)
const PROVE_SENDER = both(
  'Open the Direct Mail console → Email Domains: SPF, DKIM and DMARC of the domain must be verified, and stand in its DNS as the console shows them.',
  '打开邮件推送控制台 → 发信域名：域名的 SPF、DKIM、DMARC 须验证通过，且 DNS 记录与控制台显示一致。',
)
const LESS_LIKE_SPAM = both(
  'Look at subject and content of the template: few links and images, a text part, no words of advertising.',
  '请检查模板的主题与正文：减少链接和图片，提供纯文本正文，避免营销用语。',
)
const AGAIN = both(
  'The visitor asks for another code. If it happens often, open a ticket with some addresses and times.',
  '请用户重新获取验证码；若频繁出现，请提供若干地址和时间并提交工单。',
)
const SERVER_WORDS = both(
  'Read what the mail server said beside the code: it names the reason.',
  '请查看状态码旁收件服务器返回的原文，其中说明了原因。',
)

const about = (source: string) => ({
  source,
  places: ALIYUN_DM_PLACES,
  document: DOCUMENTED_IN.aliyunDmReceipts,
})

/** Reasons that events and statistics name. The documents group them; what one alone means follows from its name. */
// biome-ignore format: one line per code
const REASONS: Readonly<Record<string, CarrierLine>> = {
  SendOk: [undefined, 'The mail was delivered.', '邮件已送达。', NOTHING],
  SmtpNxBox: ['address_unknown', 'There is no such mailbox.', '收件邮箱不存在。', OTHER_ADDRESS],
  SysOutInvRcpt: ['address_unknown', 'The address stands in the cloud’s list of invalid addresses.', '收件地址命中无效地址库。', OFF_THE_LIST],
  SysIncomingInvRcpt: ['address_unknown', 'The address stands in the cloud’s list of invalid addresses.', '收件地址命中无效地址库。', OFF_THE_LIST],
  SysOutRcptOnAccountLevelBounceList: ['address_unknown', 'The address stands in your account’s list of bounced addresses.', '收件地址在您账号的退信列表中。', OFF_THE_LIST],
  SmtpZPermErr: [undefined, 'The receiving mail server refused the mail for good.', '收件服务器永久拒收。', SERVER_WORDS],
  SysOutDnsResolveFail: ['address_unknown', 'The domain of the address takes no mail.', '收件域名没有可用的邮件解析记录。', OTHER_ADDRESS],
  SysOutRecipientReportedSpam: ['blocked_by_recipient', 'The recipient has reported your mails as spam.', '收件人曾将您的邮件举报为垃圾邮件。', RECIPIENT_ALLOWS],
  SysOutRecipientUnsubscribed: ['blocked_by_recipient', 'The recipient has unsubscribed.', '收件人已退订。', RECIPIENT_ALLOWS],
  SmtpMfFreq: [undefined, 'The receiver got too many mails from the sender address.', '发信地址向收件方发送过于频繁。', SLOWER],
  SmtpMfdFreq: [undefined, 'The receiver got too many mails from the sender’s domain.', '发信域名向收件方发送过于频繁。', SLOWER],
  SmtpIPFreq: [undefined, 'The receiver got too many mails from the cloud’s address.', '云端 IP 向收件方发送过于频繁。', SLOWER],
  SmtpRcptFreq: [undefined, 'The recipient got too many mails.', '收件人收到的邮件过于频繁。', SLOWER],
  SmtpMfLimit: [undefined, 'The receiver limits mails from the sender address.', '收件方限制了该发信地址的发送量。', SLOWER],
  SmtpAuthFail: [undefined, 'The receiver could not verify the sender.', '收件方未能验证发件人身份。', PROVE_SENDER],
  SmtpSpfFail: [undefined, 'The sender’s domain has no SPF record that fits.', '发信域名的 SPF 校验未通过。', PROVE_SENDER],
  SmtpDmaFail: [undefined, 'The mail did not pass DMARC of the sender’s domain.', '发信域名的 DMARC 校验未通过。', PROVE_SENDER],
  SmtpMfBad: [undefined, 'The receiver does not accept the sender address.', '收件方不接受该发信地址。', PROVE_SENDER],
  SmtpDbl: [undefined, 'The sender’s domain stands on a block list of the receiver.', '发信域名在收件方使用的黑名单中。', PROVE_SENDER],
  SmtpContSpam: [undefined, 'The receiver took the content for spam.', '邮件内容被收件方判定为垃圾邮件。', LESS_LIKE_SPAM],
  SmtpMiscSpam: [undefined, 'The receiver took the mail for spam.', '邮件被收件方判定为垃圾邮件。', LESS_LIKE_SPAM],
  SysOutHoneypot: [undefined, 'The address is one that nobody uses, set up to catch senders of spam.', '收件地址为蜜罐邮箱。', both('Look for somebody who signs up with addresses of others by machine.', '请排查是否有人使用他人地址批量注册。')],
  SysOutConnError: [undefined, 'The receiving mail server could not be reached.', '未能连接收件服务器。', AGAIN],
}

/** What mail servers answer, where no reason is named. */
// biome-ignore format: one line per code
const ANSWERS: Readonly<Record<string, CarrierLine>> = {
  250: [undefined, 'The mail was delivered to the mail server of the recipient.', '邮件已送达收件服务器。', NOTHING],
  421: [undefined, 'The receiving mail server was not available for the moment.', '收件服务器暂时不可用。', AGAIN],
  450: [undefined, 'The mailbox was not available for the moment.', '收件邮箱暂时不可用。', AGAIN],
  451: [undefined, 'The receiving mail server had an error of its own, or wants the mail later.', '收件服务器处理出错，或要求稍后重试。', AGAIN],
  452: ['inbox_full', 'The receiving mail server has no room for the mail at the moment.', '收件服务器存储空间不足。', OTHER_ADDRESS],
  550: [undefined, 'The mailbox is not there, or the receiving mail server does not want the mail.', '收件邮箱不存在，或收件服务器拒收。', SERVER_WORDS],
  551: [undefined, 'The recipient is not known at this mail server.', '收件人不在该服务器上。', SERVER_WORDS],
  552: ['inbox_full', 'The mailbox has no room.', '收件邮箱空间已满。', both('Nothing is wrong with your settings: the visitor makes room in the mailbox, or takes another address.', '与您的配置无关：请用户清理邮箱空间或更换邮箱。')],
  553: ['address_unknown', 'The receiving mail server does not take the form of the address.', '收件服务器不接受该地址格式。', OTHER_ADDRESS],
  554: [undefined, 'The receiving mail server refused the mail.', '收件服务器拒收邮件。', SERVER_WORDS],
  559: ['address_unknown', 'The address stands in the cloud’s list of invalid addresses.', '收件地址命中无效地址库。', OFF_THE_LIST],
}

/** What became of mails that the cloud took, by the reason that it names, else by the mail server's number. */
export const carrierCodes = {
  ...carrierTable(
    about(
      'Alibaba Cloud help, EventBridge, Direct Mail events; what a single reason means is read from its name (UNVERIFIED)',
    ),
    REASONS,
  ),
  ...carrierTable(
    about('RFC 5321, section 4.2, and Alibaba Cloud help, bounce codes; document 44499'),
    ANSWERS,
  ),
}
