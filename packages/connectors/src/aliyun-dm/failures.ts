import type { FailureTable } from '@countersign/kit'
import { gatewayFailures } from '../aliyun-gateway/failures.ts'
import { both, failureTable, ownFailures } from '../failure-table.ts'
import { ALIYUN_DM_PLACES, DOCUMENTED_IN } from '../places.ts'

const SENDER = both(
  'Open the Direct Mail console in the region of the settings → Sender Addresses: the address must stand there, verified and not frozen. A fresh one works after about a minute.',
  '打开邮件推送控制台并切换到设置中的地域 → 发信地址：该地址须存在、已验证且未冻结；新建地址约 1 分钟后生效。',
)
const SENDER_TYPE = both(
  'Open the Direct Mail console → Sender Addresses and use one of the type “triggered emails”.',
  '打开邮件推送控制台 → 发信地址，请使用“触发邮件”类型的发信地址。',
)
const DOMAIN = both(
  'Open the Direct Mail console → Email Domains: the domain must be verified (ownership, SPF, MX).',
  '打开邮件推送控制台 → 发信域名：域名须通过所有权、SPF、MX 等验证。',
)
const ADDRESS = both('Check the recipient’s address.', '请核对收件人邮箱地址。')
const CONTENT = both(
  'Correct subject and content of this usage type in the settings.',
  '请在设置中修改该用途的邮件主题和正文。',
)
const ALIAS = both(
  'Set a sender name of at most fourteen characters, or leave it empty.',
  '请将发信人昵称设为不超过 14 个字符，或留空。',
)
const REPLY = both(
  'Set a reply address that is one mail address, with a name of at most fifteen characters, or leave both empty.',
  '请将回信地址设为单个邮箱地址，昵称不超过 15 个字符；或两项均留空。',
)
const TAG = both(
  'Open the Direct Mail console → Tags: the tag must exist there; or leave it empty in the settings.',
  '打开邮件推送控制台 → 邮件标签：该标签须已创建；也可在设置中留空。',
)
const NOT_USED = both(
  'This connector does not use that feature: a send never should get this. Check what rewrites requests on the way, and report it.',
  '本连接器未使用该功能，发送时不应出现此错误。请检查是否有代理改写了请求，并反馈问题。',
)
const ACCOUNT = both(
  'Open the Direct Mail console → Overview: look at the account’s state, its reputation level and today’s remaining quota.',
  '打开邮件推送控制台 → 概览：查看账号状态、信誉等级及当日剩余额度。',
)
const VERIFY_ACCOUNT = both(
  'Sign in to the Alibaba Cloud console and finish the real-name verification and any open security check.',
  '登录阿里云控制台完成实名认证及待处理的安全验证。',
)
const LATER = both(
  'Try again in a few minutes; open a ticket with the RequestId when it stays.',
  '请几分钟后重试；若持续出现，请携带 RequestId 提交工单。',
)

/** Codes of Direct Mail itself; unlike those of SMS they come with the HTTP status 400 or 404. */
// biome-ignore format: one line per code
const sendFailures = failureTable({ source: 'Alibaba Cloud Direct Mail, SingleSendMail, help document 29444', places: ALIYUN_DM_PLACES, document: DOCUMENTED_IN.aliyunDm }, {
  'InvalidMailAddress.NotFound': ['message_rejected', 'The sender address does not exist in this region.', '该地域下不存在此发信地址。', SENDER],
  'InvalidMailAddressStatus.Malformed': ['message_rejected', 'The sender address is frozen or not verified.', '发信地址被冻结或未通过验证。', SENDER],
  'InvalidMailAddressSendType.Malformed': ['message_rejected', 'The sender address is of the wrong type (batch instead of triggered).', '发信地址类型不正确（批量邮件与触发邮件不可混用）。', SENDER_TYPE],
  'InvalidMailAddressDomain.Malformed': ['message_rejected', 'The sender address’s domain does not exist.', '发信地址的域名不存在。', DOMAIN],
  InvalidToAddress: ['recipient_invalid', 'The recipient’s address is wrongly formed.', '收件人地址格式不正确。', ADDRESS],
  'InvalidToAddress.Spam': ['recipient_blocked', 'The recipient’s address is on the provider’s list of invalid addresses.', '收件人地址在无效地址库中。', both('Open the Direct Mail console → Invalid Addresses and remove it there, if it does exist.', '如该地址确实有效，请打开邮件推送控制台 → 无效地址，将其移除。')],
  'InvalidReceiverName.Malformed': ['recipient_invalid', 'The recipient’s name is wrongly formed.', '收件人格式不正确。', ADDRESS],
  'InvalidReceiver.NotFound': ['recipient_invalid', 'The recipient does not exist.', '收件人不存在。', ADDRESS],
  'InvalidSendMail.Spam': ['throttled', 'Refused by the spam filter; this also stands for too many mails, a used-up quota or a restricted account.', '被反垃圾策略拒绝；发送过于频繁、额度用尽或账号受限时也返回此错误。', ACCOUNT],
  InvalidBody: ['message_rejected', 'The mail’s content is wrongly formed or missing.', '邮件正文格式不正确或缺失。', CONTENT],
  'InvalidSubject.Malformed': ['message_rejected', 'The subject is too long (more than 100 characters) or wrongly formed.', '邮件主题超过 100 个字符或格式不正确。', CONTENT],
  'InvalidFromAlias.Malformed': ['message_rejected', 'The sender name is too long or wrongly formed.', '发信人昵称过长或格式不正确。', ALIAS],
  'InvalidFromALias.Malformed': ['message_rejected', 'The sender name is too long or wrongly formed.', '发信人昵称过长或格式不正确。', ALIAS],
  'InvalidReplyAddress.Malformed': ['message_rejected', 'The reply address is wrongly formed.', '回信地址格式不正确。', REPLY],
  'InvalidReplyAddressAlias.Malformed': ['message_rejected', 'The name of the reply address is too long.', '回信地址昵称过长。', REPLY],
  'InvalidTagName.Malformed': ['message_rejected', 'The tag is wrongly formed.', '邮件标签格式不正确。', TAG],
  'InvalidTemplate.NotFound': ['message_rejected', 'The provider has no such template.', '指定的邮件模板不存在。', NOT_USED],
  'InvalidTemplateName.Malformed': ['message_rejected', 'The template’s name is wrongly formed.', '模板名称格式不正确。', NOT_USED],
  'InvalidIP.NotFound': ['message_rejected', 'There is no such pool of sending addresses.', 'IP 池不存在。', NOT_USED],
  EmailFormatError: ['recipient_invalid', 'The mail address is wrongly formed.', '邮箱地址格式错误。', ADDRESS],
  EmailLengthError: ['recipient_invalid', 'The mail address is too long.', '邮箱地址过长。', ADDRESS],
  'InvalidAddress.Locked': ['message_rejected', 'The sender address is locked.', '发信地址已被锁定。', SENDER],
  'MissingParameter.AccountName': ['message_rejected', 'The request carried no sender address.', '请求缺少发信地址。', SENDER],
  'Forbidden.UserVerification': ['credentials_rejected', 'The account has not been verified.', '账号未完成验证。', VERIFY_ACCOUNT],
  InternalServiceError: ['provider_fault', 'Direct Mail had an error of its own.', '邮件推送服务内部错误。', LATER],
  'InvalidDate.Malformed': ['message_rejected', 'A date is wrongly formed (statistics calls).', '日期格式不正确（统计接口）。', NOT_USED],
  'InvalidDate.NotFound': ['message_rejected', 'A date is missing (statistics calls).', '日期不存在（统计接口）。', NOT_USED],
  'InvalidStartTime.Malformed': ['message_rejected', 'The start time is wrongly formed (statistics calls).', '开始时间格式不正确（统计接口）。', NOT_USED],
  'InvalidBetweenTime.Malformed': ['message_rejected', 'The span of time is not allowed (statistics calls).', '时间跨度不正确（统计接口）。', NOT_USED],
  'InvalidMailAddressName.Malformed': ['message_rejected', 'The name of the sender address is wrongly formed.', '发信地址名称格式不正确。', SENDER],
  'InvalidYear.Malformed': ['message_rejected', 'The year is wrongly formed (statistics calls).', '年份格式不正确（统计接口）。', NOT_USED],
  InvalidQuota: ['balance_exhausted', 'The quota is used up.', '发信额度已用尽。', ACCOUNT],
  InvalidUserStatus: ['credentials_rejected', 'The account is frozen, overdue or restricted.', '账号被冻结、欠费或受限。', ACCOUNT],
  'InvalidUser.NotFound': ['credentials_rejected', 'The account has not activated Direct Mail.', '账号未开通邮件推送。', both('Open dm.console.aliyun.com with this account and activate the service.', '请用该账号打开 dm.console.aliyun.com 并开通邮件推送。')],
})

/** Every documented code that an answer to `SingleSendMail` may carry. */
export const failures: FailureTable = { ...ownFailures, ...gatewayFailures, ...sendFailures }
