import type { FailureTable } from '@countersign/kit'
import { gatewayFailures } from '../aliyun-gateway/failures.ts'
import { both, failureTable, ownFailures } from '../failure-table.ts'
import { ALIYUN_SMS_PLACES, DOCUMENTED_IN } from '../places.ts'
import { managementFailures } from './management-failures.ts'

const SIGNATURES = both(
  'Open the SMS console → Domestic Messages → Signatures: the name must be approved and stand in the settings letter for letter, without brackets.',
  '打开短信服务控制台 → 国内消息 → 签名管理：签名须审核通过，且与设置中的签名名称逐字一致，不含【】。',
)
const TEMPLATES = both(
  'Open the SMS console → Domestic Messages → Templates: the code must belong to this account, be approved and not be blocked.',
  '打开短信服务控制台 → 国内消息 → 模板管理：模板 CODE 须属于当前账号、审核通过且未被拉黑。',
)
const VARIABLE = both(
  'Use a verification-code template whose only variable is named code.',
  '请使用验证码类模板，且模板仅含一个名为 code 的变量。',
)
const TOP_UP = both(
  'Open Expenses and Costs in the Alibaba Cloud console and top up, or buy an SMS package.',
  '打开阿里云控制台 → 费用与成本，充值或购买短信套餐包。',
)
const RAISE_CAP = both(
  'Open the SMS console → General Settings → Sending limits and raise the cap.',
  '打开短信服务控制台 → 系统设置 → 通用设置，调高发送量上限。',
)
const ACCOUNT = both(
  'Sign in to the Alibaba Cloud console, look at the account’s state and notices, and open a ticket if it is not clear.',
  '登录阿里云控制台查看账号状态与通知，仍不清楚时请提交工单。',
)
const EXTEND = both(
  'This connector sends no extension code: look at the signature’s extension codes in the SMS console, or open a ticket.',
  '本连接器不使用扩展码；请在短信服务控制台检查签名的扩展码配置，或提交工单。',
)
const WAIT = both(
  'Wait until the window is over. The limits can be changed in the SMS console → General Settings → Frequency.',
  '请等待时间窗口结束后再发送。可在短信服务控制台 → 系统设置 → 通用设置中调整发送频率。',
)
const LATER = both(
  'Try again in a few minutes; open a ticket with the RequestId when it stays.',
  '请几分钟后重试；若持续出现，请携带 RequestId 提交工单。',
)
const NUMBER = both('Check the number and its country code.', '请核对手机号及其国家/地区码。')
const TEST_RESOURCES = both(
  'Apply for a signature and a template of your own, or bind the number in the SMS console → Quick Start → test numbers.',
  '请申请自有签名和模板，或在短信服务控制台 → 快速学习和测试中绑定测试手机号。',
)
const PLAIN_TEXT = both(
  'Change the template or the signature in the console so that it has neither emoji, traditional characters nor brackets, and have it approved again.',
  '请在控制台修改模板或签名，去除表情、繁体字和【】等字符后重新提交审核。',
)

/** Codes of `SendSms` itself. */
// biome-ignore format: one line per code
const sendFailures = failureTable({ source: 'Alibaba Cloud SMS, API error codes, help document 101346', places: ALIYUN_SMS_PLACES, document: DOCUMENTED_IN.aliyunSms }, {
  'isv.BUSINESS_LIMIT_CONTROL': ['rate_limited', 'Too many messages to this number; the answer names the minute, hour or day limit.', '该号码触发发送频率限制（分钟、小时或天级流控，见原始响应）。', WAIT],
  'isv.DAY_LIMIT_CONTROL': ['balance_exhausted', 'The account’s own cap for the day is reached.', '已达到账号设置的日发送量上限。', RAISE_CAP],
  'isv.MONTH_LIMIT_CONTROL': ['balance_exhausted', 'The account’s own cap for the month is reached.', '已达到账号设置的月发送量上限。', RAISE_CAP],
  'isv.AMOUNT_NOT_ENOUGH': ['balance_exhausted', 'The balance and the packages are used up.', '账户余额或套餐包余量不足。', TOP_UP],
  'isv.OUT_OF_SERVICE': ['balance_exhausted', 'The service is stopped because payment is overdue.', '账号欠费，服务已停机。', TOP_UP],
  'isv.PRODUCT_UN_SUBSCRIPT': ['credentials_rejected', 'The account has not activated the SMS service.', '账号未开通短信服务。', both('Open dysms.console.aliyun.com with this account and activate the service.', '请用该账号打开 dysms.console.aliyun.com 并开通短信服务。')],
  'isv.PRODUCT_UNSUBSCRIBE': ['credentials_rejected', 'The account has not activated the SMS service, or has cancelled it.', '账号未开通或已退订短信服务。', both('Open dysms.console.aliyun.com with this account and activate the service.', '请用该账号打开 dysms.console.aliyun.com 并开通短信服务。')],
  'isv.ACCOUNT_NOT_EXISTS': ['credentials_rejected', 'The account does not exist.', '账号不存在。', ACCOUNT],
  'isv.ACCOUNT_ABNORMAL': ['credentials_rejected', 'The account is not in order.', '账号状态异常。', ACCOUNT],
  'isv.SECURITY_FROZEN_ACCOUNT': ['credentials_rejected', 'Risk control has frozen the account.', '账号因安全原因被冻结。', ACCOUNT],
  'isp.RAM_PERMISSION_DENY': ['credentials_rejected', 'The RAM user may not send messages.', 'RAM 用户没有发送短信的权限。', both('Open RAM console → Users → Add permissions and grant dysms:SendSms, as in the guide.', '打开 RAM 控制台 → 身份管理 → 用户 → 添加权限，按配置指南授予 dysms:SendSms 权限。')],
  'isv.DENY_IP_RANGE': ['credentials_rejected', 'Calls from this server’s address are not allowed.', '当前服务器的 IP 所在地区不允许调用。', both('Call from a server in mainland China, or ask by ticket to have the address allowed.', '请从中国内地的服务器发起调用，或提交工单申请放行该 IP。')],
  'isv.SMS_TEMPLATE_ILLEGAL': ['message_rejected', 'The template does not exist, is not approved, is blocked, or is another account’s.', '模板不存在、未审核通过、被拉黑或不属于当前账号。', TEMPLATES],
  'isv.SMS_SIGNATURE_ILLEGAL': ['message_rejected', 'The signature does not exist, is not approved, or is blocked.', '签名不存在、未审核通过或被拉黑。', SIGNATURES],
  'isv.SMS_SIGNATURE_SCENE_ILLEGAL': ['message_rejected', 'The signature is for another kind of template.', '签名的适用场景与模板类型不符。', both('Use a verification-code template with this signature, or apply for a general signature.', '请将该签名与验证码模板配合使用，或申请通用签名。')],
  'isv.SMS_SIGN_ILLEGAL': ['message_rejected', 'The signature is not allowed.', '签名不合法。', SIGNATURES],
  'isv.SMS_SIGN_NAME_ILLEGAL': ['message_rejected', 'The signature’s name is not allowed.', '签名名称不符合规范。', SIGNATURES],
  'isv.SIGN_NAME_ILLEGAL': ['message_rejected', 'The signature’s name is not allowed.', '签名名称不符合规范。', SIGNATURES],
  'isv.SIGN_STATE_ILLEGAL': ['message_rejected', 'The signature is not approved at present.', '签名当前不是审核通过状态。', SIGNATURES],
  'isv.SIGN_SOURCE_ILLEGAL': ['message_rejected', 'Signatures of this source are not accepted any more.', '该签名来源已不再支持。', both('Apply for a new signature with a source that is still offered, e.g. the full name of the company.', '请改用仍受支持的签名来源（如企事业单位全称）重新申请签名。')],
  SIGNATURE_BLACKLIST: ['message_rejected', 'The signature is blocked.', '签名已被列入黑名单。', both('Open a ticket to learn why, or use another approved signature.', '请提交工单了解原因，或更换其他审核通过的签名。')],
  PORT_NOT_REGISTERED: ['message_rejected', 'The carriers have not registered the signature’s real name yet.', '签名尚未完成运营商实名报备。', both('Open the SMS console → Signatures, look at the carriers’ registration, complete the papers and wait until it is done.', '打开短信服务控制台 → 签名管理，查看实名报备状态，补齐资料并等待报备完成。')],
  'isv.ONE_CODE_MULTIPLE_SIGN': ['message_rejected', 'One extension code stands for several signatures.', '同一扩展码对应多个签名。', EXTEND],
  'isv.CODE_EXCEED_LIMIT': ['message_rejected', 'Too many extension codes.', '扩展码数量超出限制。', EXTEND],
  'isv.CODE_ERROR': ['message_rejected', 'The extension code is wrong.', '扩展码错误。', EXTEND],
  'isv.EXTEND_CODE_ERROR': ['message_rejected', 'The extension code is taken or does not fit the signature.', '扩展码使用错误，或与签名不对应。', EXTEND],
  'isv.TEMPLATE_MISSING_PARAMETERS': ['message_rejected', 'The template has a variable other than code.', '模板中存在未赋值的变量（除 code 以外）。', VARIABLE],
  'isv.TEMPLATE_PARAMS_ILLEGAL': ['message_rejected', 'The code does not fit the type of the template’s variable.', '验证码与模板变量声明的类型不符。', VARIABLE],
  'isv.PARAM_LENGTH_LIMIT': ['message_rejected', 'The code is too short or too long for the template’s variable.', '变量值长度超出限制。', both('Verification-code templates take four to six characters: set the code’s length to fit.', '验证码模板仅支持 4～6 位，请调整验证码长度。')],
  'isv.PARAM_NOT_SUPPORT_URL': ['message_rejected', 'A variable holds a link.', '变量中不允许包含链接。', VARIABLE],
  'isv.INVALID_JSON_PARAM': ['message_rejected', 'The template variables are not a JSON object of strings.', '模板变量不是由字符串组成的 JSON 对象。', VARIABLE],
  template_parameter_count_illegal: ['message_rejected', 'A verification-code template may have one variable only.', '验证码模板只能包含一个变量。', VARIABLE],
  'isv.SMS_CONTENT_ILLEGAL': ['message_rejected', 'The content is not allowed; also seen when the calling server is outside the mainland.', '短信内容不合规；调用方服务器位于境外时也可能出现。', both('Compare the template with the content rules; if it is in order, call from a server in mainland China or open a ticket.', '请对照内容规范检查模板；若无问题，请从中国内地的服务器调用或提交工单。')],
  'isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE': ['message_rejected', 'The content does not fit the kind of the template.', '短信内容与模板类型不符。', VARIABLE],
  'isv.UNSUPPORTED_CONTENT': ['message_rejected', 'The content has characters that cannot be sent: emoji, traditional Chinese, brackets.', '短信内容含有不支持的字符，如表情、繁体字、【】等。', PLAIN_TEXT],
  'isv.SMS_SIGN_EMOJI_ILLEGAL': ['message_rejected', 'The signature holds an emoji.', '签名中不能包含表情符号。', PLAIN_TEXT],
  'isv.BLACK_KEY_CONTROL_LIMIT': ['recipient_blocked', 'The number is on a block list; in older documents: the variable holds a forbidden word.', '号码在黑名单中；旧版文档中表示变量含有禁用词。', both('Ask the recipient to use another number. If every number is refused, look at the template’s words.', '请收件人更换号码；若所有号码均失败，请检查模板用词。')],
  'isv.CUSTOMER_REFUSED': ['recipient_blocked', 'The recipient has opted out.', '用户已退订。', both('Use another way to reach the recipient; verification-code templates are not subject to this.', '请改用其他方式联系该用户；验证码类模板不受退订影响。')],
  'isv.MOBILE_NUMBER_ILLEGAL': ['recipient_invalid', 'The number’s form is not valid.', '手机号格式不正确。', NUMBER],
  'isv.MOBILE_COUNT_OVER_LIMIT': ['message_rejected', 'Too many numbers in one call.', '单次发送的号码数量超出限制。', both('This connector sends one number a call: check what rewrites requests on the way.', '本连接器每次仅发送一个号码，请检查是否有代理改写了请求。')],
  'isv.DOMESTIC_NUMBER_NOT_SUPPORTED': ['message_rejected', 'The template is an international one and the number is in mainland China.', '国际/港澳台模板不支持向中国内地号码发送。', both('Put the code of a domestic template into the settings; domestic and international templates are not interchangeable.', '国内模板与国际/港澳台模板不可混用，请在设置中改用国内消息的模板 CODE。')],
  'isv.INVALID_PARAMETERS': ['message_rejected', 'Some parameter has the wrong form.', '参数格式不正确。', both('Compare signature name and template codes with the SMS console.', '请与短信服务控制台核对签名名称和模板 CODE。')],
  'isv.SMS_TEST_SIGN_TEMPLATE_LIMIT': ['message_rejected', 'The test signature works with the test template only.', '测试签名只能与测试模板搭配使用。', TEST_RESOURCES],
  'isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL': ['message_rejected', 'The test template takes four to six digits only.', '测试模板的变量仅支持 4～6 位数字。', TEST_RESOURCES],
  'isv.SMS_TEST_NUMBER_LIMIT': ['message_rejected', 'The test signature reaches only numbers that were bound for tests.', '测试签名仅支持向已绑定的测试手机号发送。', TEST_RESOURCES],
  'isp.SYSTEM_ERROR': ['provider_fault', 'The SMS platform had an error of its own.', '短信平台系统错误。', LATER],
  'isp.GATEWAY_ERROR': ['provider_fault', 'The SMS gateway had an error of its own.', '短信网关错误。', LATER],
})

/** Every documented code that an answer to `SendSms` may carry. */
export const failures: FailureTable = {
  ...ownFailures,
  ...gatewayFailures,
  ...managementFailures,
  ...sendFailures,
}
