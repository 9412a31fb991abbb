import type { Failure, FailureTable } from '@countersign/kit'
import { both, failureTable, ownFailures, REPORT } from '../failure-table.ts'
import { DOCUMENTED_IN, TENCENT_PLACES } from '../places.ts'
import { commonFailures } from './common-failures.ts'
import { managementFailures } from './management-failures.ts'

const SIGNATURE = both(
  'Open the SMS console → Mainland China SMS → Signature Management: put the approved content into the settings, not the ID and without brackets.',
  '打开短信控制台 → 国内短信 → 签名管理：设置中应填写审核通过的签名内容，不是签名 ID，也不含【】。',
)
const TEMPLATE = both(
  'Open the SMS console → Mainland China SMS → Body Template Management: the ID must be approved and belong to this account.',
  '打开短信控制台 → 国内短信 → 正文模板管理：模板 ID 须审核通过且属于当前账号。',
)
const VARIABLE = both(
  'Use a verification-code template whose only variable is {1}.',
  '请使用验证码类模板，且模板仅含变量 {1}。',
)
const FREQUENCY = both(
  'Wait, then send again. The limit can be changed in the SMS console → Application Management → the application → frequency limits.',
  '请稍候再发送。可在短信控制台 → 应用管理 → 应用列表 → 对应应用的“短信频率限制”中调整。',
)
const CAP = both(
  'Open the SMS console → Application Management → the application, and raise its daily limit.',
  '打开短信控制台 → 应用管理 → 应用列表，进入对应应用调高发送量上限。',
)
const PACKAGE = both(
  'Open the SMS console → Package Management and buy a package, or top up the account.',
  '打开短信控制台 → 套餐包管理购买套餐包，或为账号充值。',
)
const APP = both(
  'Open the SMS console → Application Management → Application List and copy the SDK AppID of an enabled application of this account.',
  '打开短信控制台 → 应用管理 → 应用列表，复制当前账号下已启用应用的 SDK AppID。',
)
const NUMBER = both('Check the number and its country code.', '请核对手机号及其国家/地区码。')
const LATER = both(
  'Try again in a few minutes; open a ticket with the RequestId when it stays.',
  '请几分钟后重试；若持续出现，请携带 RequestId 提交工单。',
)
const WORDS = both(
  'Change the words of the template and have it approved again.',
  '请修改模板用词后重新提交审核。',
)
const KEY = both(
  'Open CAM console → Access Key → API Keys and copy SecretId and SecretKey again; set the server’s clock by NTP.',
  '打开访问管理（CAM）控制台 → 访问密钥 → API 密钥管理，重新复制 SecretId 与 SecretKey；并用 NTP 校准服务器时钟。',
)
const REGION = both(
  'Choose the region in which application, signature and template were made; ap-guangzhou unless you chose another.',
  '请选择创建应用、签名和模板时所在的地域；未特别选择时为 ap-guangzhou。',
)
const OTHER_TEMPLATE = both(
  'Mainland and international templates are not interchangeable: put one that is made for this destination into the settings.',
  '国内短信模板与国际/港澳台短信模板不可混用，请在设置中改用适用于该目的地的模板。',
)

/** Codes of `SendSms`, on either layer of an answer. */
// biome-ignore format: one line per code
const sendFailures = failureTable({ source: 'Tencent Cloud SMS API 2021-01-11, error codes (document/product/382)', places: TENCENT_PLACES, document: DOCUMENTED_IN.tencentSms }, {
  'FailedOperation.ContainSensitiveWord': ['message_rejected', 'The message holds a forbidden word.', '短信内容中含有敏感词。', WORDS],
  'FailedOperation.FailResolvePacket': ['message_rejected', 'The request cannot be parsed.', '请求包解析失败。', REPORT],
  'FailedOperation.JsonParseFail': ['message_rejected', 'The request is not valid JSON.', '请求体不是合法的 JSON。', REPORT],
  'FailedOperation.InsufficientBalanceInSmsPackage': ['balance_exhausted', 'The packages are used up.', '套餐包余量不足。', PACKAGE],
  'FailedOperation.MarketingSendTimeConstraint': ['throttled', 'A marketing template sends between 8 and 22 o’clock only.', '营销短信仅允许在 8 点至 22 点发送。', both('Use a verification-code template, which sends at any time.', '请改用验证码类模板，不受时段限制。')],
  'FailedOperation.PhoneNumberInBlacklist': ['recipient_blocked', 'The number is on a block list, or its owner has opted out.', '手机号在免打扰名单或黑名单中。', both('Ask the recipient to write the provider’s support, or use another number.', '请联系腾讯云短信小助手将该号码移出免打扰名单，或更换号码。')],
  'FailedOperation.PhoneNumberParseFail': ['recipient_invalid', 'The number cannot be read.', '手机号解析失败。', NUMBER],
  'FailedOperation.ProhibitSubAccountUse': ['credentials_rejected', 'Sub-accounts may not use this.', '子账号无权使用该功能。', both('Use a key whose user has the policy from the guide, or ask the owner of the main account.', '请使用已授予配置指南所列策略的密钥，或联系主账号管理员。')],
  'FailedOperation.SignatureIncorrectOrUnapproved': ['message_rejected', 'The signature is wrong or not approved, or its ID stands where its content should.', '签名错误或未审核通过，或误填了签名 ID。', SIGNATURE],
  'FailedOperation.TemplateIncorrectOrUnapproved': ['message_rejected', 'The template is wrong or not approved, or the message does not match it.', '模板错误或未审核通过，或请求内容与模板不符。', TEMPLATE],
  'FailedOperation.TemplateParamSetNotMatchApprovedTemplate': ['message_rejected', 'The template has another number of variables than one.', '模板变量个数与请求不符（应仅有一个变量）。', VARIABLE],
  // An example of the documents spells it so.
  'FailedOperation.TemplateParamSetNotMatchApprovedTemplat': ['message_rejected', 'The template has another number of variables than one.', '模板变量个数与请求不符（应仅有一个变量）。', VARIABLE],
  'FailedOperation.TemplateUnapprovedOrNotExist': ['message_rejected', 'The template does not exist or is not approved.', '模板不存在或未审核通过。', TEMPLATE],
  'FailedOperation.TemplateIdNotExist': ['message_rejected', 'There is no such template ID.', '模板 ID 不存在。', TEMPLATE],
  'FailedOperation.OtherError': ['provider_fault', 'Failed without a stated reason.', '其他错误（未说明原因）。', LATER],
  'FailedOperation.ParametersOtherError': ['provider_fault', 'Some parameter was refused without a stated reason.', '参数其他错误（未说明原因）。', LATER],
  'InternalError.Timeout': ['provider_fault', 'The SMS backend took too long.', '短信后端处理超时。', LATER],
  'InternalError.SendAndRecvFail': ['provider_fault', 'The SMS backend could not be reached.', '短信后端收发失败。', LATER],
  'InternalError.ParseBackendResponseFail': ['provider_fault', 'The SMS backend’s answer could not be read.', '解析后端响应失败。', LATER],
  'InternalError.OtherError': ['provider_fault', 'The SMS backend had an error of its own.', '短信后端其他错误。', LATER],
  'InternalError.UnknownError': ['provider_fault', 'The SMS backend had an unknown error.', '短信后端未知错误。', LATER],
  'InternalError.JsonParseFail': ['message_rejected', 'The SMS backend could not read the request.', '后端解析请求 JSON 失败。', REPORT],
  'InternalError.SigFieldMissing': ['credentials_rejected', 'The SMS backend misses the signature.', '后端鉴权：缺少签名字段。', KEY],
  'InternalError.SigVerificationFail': ['credentials_rejected', 'The SMS backend refused the signature.', '后端鉴权：签名校验失败。', KEY],
  'InternalError.RestApiInterfaceNotExist': ['message_rejected', 'The SMS backend has no such action.', '后端接口不存在。', REPORT],
  'InternalError.RequestTimeException': ['credentials_rejected', 'The request’s time is more than ten minutes off.', '请求时间与服务器时间相差超过 10 分钟。', KEY],
  'InvalidParameter.AppidAndBizId': ['message_rejected', 'The application does not fit the account.', '应用与账号不匹配。', APP],
  'InvalidParameter.InvalidParameters': ['message_rejected', 'Some parameter is not valid.', '参数无效。', TEMPLATE],
  'InvalidParameter.DirtyWordFound': ['message_rejected', 'The message holds a forbidden word.', '内容包含敏感词。', WORDS],
  'InvalidParameterValue.IncorrectPhoneNumber': ['recipient_invalid', 'The number’s form is not valid.', '手机号格式错误。', NUMBER],
  'InvalidParameterValue.SdkAppIdNotExist': ['message_rejected', 'There is no such SDK AppID.', 'SDK AppID 不存在。', APP],
  'InvalidParameterValue.TemplateParameterFormatError': ['message_rejected', 'A verification-code template takes digits only, at most six.', '验证码模板变量仅支持不超过 6 位的数字。', both('Set the code to at most six digits, or use a notification template.', '请将验证码设置为不超过 6 位的数字，或改用通知类模板。')],
  'InvalidParameterValue.TemplateParameterLengthLimit': ['message_rejected', 'The value is too long for the template’s variable.', '模板变量长度超出限制。', VARIABLE],
  'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter': ['message_rejected', 'A variable holds a link.', '模板变量中不允许包含链接。', VARIABLE],
  'InvalidParameterValue.ContentLengthLimit': ['message_rejected', 'The message is too long.', '短信内容超过长度限制。', TEMPLATE],
  'LimitExceeded.PhoneNumberThirtySecondLimit': ['rate_limited', 'Too many messages to this number within 30 seconds.', '该号码 30 秒内发送条数超过上限。', FREQUENCY],
  'LimitExceeded.PhoneNumberOneHourLimit': ['rate_limited', 'Too many messages to this number within an hour.', '该号码 1 小时内发送条数超过上限。', FREQUENCY],
  'LimitExceeded.PhoneNumberDailyLimit': ['rate_limited', 'Too many messages to this number today; newer applications allow two by default.', '该号码当日发送条数超过上限（新应用默认每天 2 条）。', FREQUENCY],
  'LimitExceeded.PhoneNumberSameContentDailyLimit': ['rate_limited', 'The same message went to this number too often today.', '该号码当日接收相同内容的条数超过上限。', FREQUENCY],
  'LimitExceeded.DeliveryFrequencyLimit': ['rate_limited', 'The application’s own frequency limit holds the message back.', '触发应用设置的发送频率限制。', FREQUENCY],
  'LimitExceeded.DailyLimit': ['balance_exhausted', 'The account’s cap for the day is reached.', '已达到当日发送量上限。', CAP],
  'LimitExceeded.AppDailyLimit': ['balance_exhausted', 'The application’s cap for the day is reached.', '已达到应用的当日发送量上限。', CAP],
  'LimitExceeded.AppMainlandChinaDailyLimit': ['balance_exhausted', 'The application’s cap for mainland messages of the day is reached.', '已达到应用的当日国内短信发送量上限。', CAP],
  'LimitExceeded.AppGlobalDailyLimit': ['balance_exhausted', 'The application’s cap for international messages of the day is reached.', '已达到应用的当日国际/港澳台短信发送量上限。', CAP],
  'LimitExceeded.AppCountryOrRegionDailyLimit': ['balance_exhausted', 'The application’s cap for that country of the day is reached.', '已达到应用对该国家/地区的当日发送量上限。', CAP],
  'LimitExceeded.AppCountryOrRegionInBlacklist': ['region_unsupported', 'The application does not send to that country.', '应用已禁止向该国家/地区发送。', both('Open the SMS console → Application Management → the application → international settings and allow the country.', '打开短信控制台 → 应用管理 → 对应应用的国际/港澳台短信设置，放开该国家/地区。')],
  'LimitExceeded.GlobalSmsSendingRateLimit': ['throttled', 'Too many international messages in a short time.', '国际/港澳台短信发送频率超过上限。', both('Send more slowly, or ask by ticket for a higher rate.', '请降低发送频率，或提交工单申请提高上限。')],
  'LimitExceeded.PhoneNumberCountLimit': ['message_rejected', 'Too many numbers in one call.', '单次请求的号码数量超过上限。', REPORT],
  'MissingParameter.EmptyPhoneNumberSet': ['message_rejected', 'The request carried no number.', '请求缺少手机号。', REPORT],
  'UnauthorizedOperation.SmsSdkAppIdVerifyFail': ['credentials_rejected', 'The SDK AppID is not one of this account.', 'SDK AppID 不属于当前账号。', APP],
  'UnauthorizedOperation.SdkAppIdIsDisabled': ['credentials_rejected', 'The application is disabled.', 'SDK AppID 对应的应用已被停用。', APP],
  'UnauthorizedOperation.RequestIpNotInWhitelist': ['credentials_rejected', 'This server’s address is not on the application’s allow-list.', '请求 IP 不在应用的白名单中。', both('Open the SMS console → Application Management → the application → IP allow-list and add this server’s public address.', '打开短信控制台 → 应用管理 → 对应应用的 IP 白名单，添加本服务器的公网 IP。')],
  'UnauthorizedOperation.RequestPermissionDeny': ['credentials_rejected', 'The account may not do this.', '账号没有该操作的权限。', both('Open CAM console → Users and attach the policy from the guide; open a ticket if it is attached.', '打开访问管理（CAM）控制台 → 用户，关联配置指南中的策略；若已关联请提交工单。')],
  'UnauthorizedOperation.IndividualUserMarketingSmsPermissionDeny': ['message_rejected', 'Accounts of individuals may not send marketing messages.', '个人用户没有发送营销短信的权限。', both('Use a verification-code template.', '请改用验证码类模板。')],
  'UnauthorizedOperation.SerivceSuspendDueToArrears': ['balance_exhausted', 'The service is suspended because payment is overdue.', '欠费导致服务停用。', PACKAGE],
  'UnauthorizedOperation.ServiceSuspendDueToArrears': ['balance_exhausted', 'The service is suspended because payment is overdue.', '欠费导致服务停用。', PACKAGE],
  'UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone': ['message_rejected', 'The template is for the mainland and the number is abroad.', '国内短信模板不支持发往国际/港澳台号码。', OTHER_TEMPLATE],
  'UnsupportedOperation.GlobalTemplateToChineseMainlandPhone': ['message_rejected', 'The template is international and the number is in mainland China.', '国际/港澳台短信模板不支持发往国内号码。', OTHER_TEMPLATE],
  'UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber': ['message_rejected', 'One call mixed mainland and foreign numbers.', '同一请求中混用了国内与国际/港澳台号码。', REPORT],
  'UnsupportedOperation.UnsuportedRegion': ['region_unsupported', 'The SMS API does not run in the region of the settings.', '短信接口不支持所选地域。', REGION],
  'UnsupportedOperation.UnsupportedRegion': ['region_unsupported', 'The SMS API does not run in the region of the settings.', '短信接口不支持所选地域。', REGION],
})

/** Every documented code that an answer to `SendSms` may carry. */
export const failures: FailureTable = {
  ...ownFailures,
  ...commonFailures,
  ...managementFailures,
  ...sendFailures,
}

/** What a Tencent Cloud code that the table does not have stands for, by its first segment. */
export function fallback(code: string): Failure {
  const [first = '', second = ''] = code.split('.')
  if (first === 'AuthFailure') return 'credentials_rejected'
  if (first === 'RequestLimitExceeded') return 'throttled'
  if (first === 'LimitExceeded') return second.startsWith('PhoneNumber') ? 'rate_limited' : 'throttled'
  if (first === 'InternalError') return 'provider_fault'
  if (first.startsWith('InvalidParameter') || first === 'MissingParameter') return 'message_rejected'
  return 'unrecognized'
}
