import type { FailureTable } from '@countersign/kit'
import { gatewayFailures } from '../aliyun-gateway/failures.ts'
import { both, FILL_IN, failureTable, ownFailures, REPORT } from '../failure-table.ts'
import { ALIYUN_PNVS_PLACES, DOCUMENTED_IN } from '../places.ts'

const GIFTED = both(
  'Open the PNVS console → SMS verification → Parameters and copy signature and template code from the gifted ones, which belong together; signatures that are not listed there any more do not work.',
  '打开号码认证服务控制台 → 短信认证服务 → 短信认证参数配置，复制赠送签名和赠送模板；两者须配套使用，已下线的签名不可用。',
)
const VARIABLES = both(
  'Leave the template variables empty in the settings, or compare them with the template in the PNVS console.',
  '请将设置中的“模板变量”留空，或与号码认证服务控制台中的模板核对。',
)
const OPEN = both(
  'Open the PNVS console with this account and activate the service.',
  '请用该账号打开号码认证服务控制台并开通服务。',
)
const GRANT = both(
  'Open RAM console → Users → Add permissions and grant dypns:SendSmsVerifyCode, as in the guide.',
  '打开 RAM 控制台 → 身份管理 → 用户 → 添加权限，按配置指南授予 dypns:SendSmsVerifyCode 权限。',
)
const TOP_UP = both(
  'Open Expenses and Costs in the Alibaba Cloud console and top up. While the account is overdue, packages do not work either.',
  '打开阿里云控制台 → 费用与成本并充值。欠费期间套餐包同样无法使用。',
)
const RAISE_CAP = both(
  'Open the PNVS console → SMS verification → Parameters and raise the cap.',
  '打开号码认证服务控制台 → 短信认证服务 → 短信认证参数配置，调高发送上限。',
)
const ACCOUNT = both(
  'Sign in to the Alibaba Cloud console, look at the account’s state and notices, and open a ticket if it is not clear.',
  '登录阿里云控制台查看账号状态与通知，仍不清楚时请提交工单。',
)
const WAIT = both(
  'Wait until the interval is over, a minute unless the settings say otherwise.',
  '请等待发送间隔结束后再发送，默认 1 分钟，可在设置中修改。',
)
const ANOTHER_DAY = both(
  'Wait, if the day’s limit is meant until tomorrow. The limits stand in the PNVS console.',
  '请稍候再发送；若为天级限制，请次日再试。具体限制见号码认证服务控制台。',
)
const LATER = both(
  'Try again in a few minutes; open a ticket with the RequestId when it stays.',
  '请几分钟后重试；若持续出现，请携带 RequestId 提交工单。',
)
const NUMBER = both(
  'Check the number: it must be a mobile number of mainland China.',
  '请核对手机号，须为中国内地手机号。',
)

/** What the connector finds itself before it asks the cloud. */
// biome-ignore format: one line per code
const beforeAsking = failureTable({ source: 'Countersign', places: [] }, {
  mainland_only: ['region_unsupported', 'This service reaches mobile numbers of mainland China only; numbers of Hong Kong, Macao, Taiwan and of other countries get nothing.', '该服务仅支持向中国内地手机号发送，不支持港澳台及其他国家/地区的号码。', both('Use another connector for numbers abroad, or allow mainland numbers only. A mainland number is given with its 86.', '境外号码请使用其他短信连接器，或仅允许内地号码。内地号码须带 86。')],
  mobile_only: ['recipient_invalid', 'The number is one of mainland China, but not that of a mobile phone.', '该号码属于中国内地，但不是手机号。', both('Give a mobile number: 86 and eleven digits that begin with 13 to 19.', '请填写手机号：86 加 11 位数字，以 13～19 开头。')],
})

/** Codes of `SendSmsVerifyCode` itself. */
// biome-ignore format: one line per code
const sendFailures = failureTable({ source: 'Alibaba Cloud PNVS, SendSmsVerifyCode, error codes (api.aliyun.com/document/Dypnsapi)', places: ALIYUN_PNVS_PLACES, document: DOCUMENTED_IN.aliyunPnvs }, {
  'isv.MOBILE_NUMBER_ILLEGAL': ['recipient_invalid', 'The number’s form is not valid.', '手机号格式不正确。', NUMBER],
  'isv.FREQUENCY_FAIL': ['rate_limited', 'The last message to this number was sent a moment ago.', '距离向该号码的上一次发送时间过短。', WAIT],
  'biz.FREQUENCY': ['rate_limited', 'The last message to this number was sent a moment ago.', '距离向该号码的上一次发送时间过短。', WAIT],
  'isv.BUSINESS_LIMIT_CONTROL': ['rate_limited', 'Too many messages to this number; the answer names the minute, hour or day limit.', '该号码触发发送频率限制（分钟、小时或天级流控，见原始响应）。', ANOTHER_DAY],
  'isv.DAY_LIMIT_CONTROL': ['balance_exhausted', 'The account’s own cap for the day is reached.', '已达到账号设置的日发送量上限。', RAISE_CAP],
  'isv.MONTH_LIMIT_CONTROL': ['balance_exhausted', 'The account’s own cap for the month is reached.', '已达到账号设置的月发送量上限。', RAISE_CAP],
  'isv.BLACK_KEY_CONTROL_LIMIT': ['recipient_blocked', 'The number is on a block list.', '号码在黑名单中。', both('Ask the recipient to use another number.', '请收件人更换号码。')],
  'isv.CUSTOMER_REFUSED': ['recipient_blocked', 'The recipient has opted out.', '用户已退订。', both('Use another way to reach the recipient.', '请改用其他方式联系该用户。')],
  'isv.INVALID_PARAMETERS': ['message_rejected', 'Signature and template are not a pair of gifted ones, or some parameter has the wrong form.', '签名与模板不是配套的赠送资源，或参数格式不正确。', GIFTED],
  'isv.SMS_SIGNATURE_ILLEGAL': ['message_rejected', 'The signature is none of the gifted ones, or not any more.', '签名不是赠送签名，或已下线。', GIFTED],
  'isv.SMS_TEMPLATE_ILLEGAL': ['message_rejected', 'The template is none of the gifted ones.', '模板不是赠送模板。', GIFTED],
  'isv.TEMPLATE_PARAMS_ILLEGAL': ['message_rejected', 'A variable’s value does not fit the template.', '变量取值与模板不符。', VARIABLES],
  'isv.TEMPLATE_MISSING_PARAMETERS': ['message_rejected', 'A variable of the template got no value.', '模板变量缺少对应的值。', VARIABLES],
  'isv.SMS_CONTENT_ILLEGAL': ['message_rejected', 'The content is not allowed.', '短信内容不合规。', VARIABLES],
  'isv.ILLEGAL_ARGUMENT': ['message_rejected', 'Some parameter has the wrong form.', '参数格式不正确。', GIFTED],
  'isv.VERIFY_SCHEME_NOT_EXIST': ['message_rejected', 'There is no such scheme; this connector names none.', '方案不存在；本连接器不使用方案名称。', REPORT],
  MissingPhoneNumber: ['message_rejected', 'The request carried no phone number.', '请求缺少接收号码。', REPORT],
  MissingTemplateParam: ['message_rejected', 'The request carried no template variables.', '请求缺少模板变量。', REPORT],
  MissingSignName: ['message_rejected', 'The request carried no signature name.', '请求缺少短信签名名称。', FILL_IN],
  MissingTemplateCode: ['message_rejected', 'The request carried no template code.', '请求缺少短信模板 CODE。', FILL_IN],
  'isv.FUNCTION_NOT_OPENED': ['credentials_rejected', 'The account has not activated the verification service.', '账号未开通短信认证服务。', OPEN],
  'isv.PRODUCT_UNSUBSCRIBE': ['credentials_rejected', 'The account has not activated the verification service, or has cancelled it.', '账号未开通或已退订号码认证服务。', OPEN],
  'isv.PRODUCT_UN_SUBSCRIPT': ['credentials_rejected', 'The account has not activated the verification service.', '账号未开通号码认证服务。', OPEN],
  'Unsupported.Account': ['credentials_rejected', 'This kind of account cannot use the verification service.', '该账号类型不支持使用短信认证服务。', OPEN],
  BIZ_NOT_OPEN_STATUS: ['credentials_rejected', 'The verification service is not active for the account.', '账号的短信认证服务未处于开通状态。', OPEN],
  'isv.RAM_PERMISSION_DENY': ['credentials_rejected', 'The RAM user may not send messages.', 'RAM 用户没有发送短信的权限。', GRANT],
  'Forbidden.NoPermission': ['credentials_rejected', 'The RAM user may not do this.', 'RAM 用户无权执行此操作。', GRANT],
  NoPermission: ['credentials_rejected', 'The RAM user may not do this.', 'RAM 用户无权执行此操作。', GRANT],
  UnauthorizedOperation: ['credentials_rejected', 'The RAM user may not do this.', 'RAM 用户无权执行此操作。', GRANT],
  'isv.ACCOUNT_NOT_EXISTS': ['credentials_rejected', 'The account does not exist.', '账号不存在。', ACCOUNT],
  'isv.ACCOUNT_ABNORMAL': ['credentials_rejected', 'The account is not in order.', '账号状态异常。', ACCOUNT],
  'isv.OUT_OF_SERVICE': ['balance_exhausted', 'The service is stopped because payment is overdue.', '账号欠费，服务已停机。', TOP_UP],
  InvalidAccountStatus: ['balance_exhausted', 'The account’s state does not allow sending; as a rule payment is overdue.', '账号状态不允许发送，通常为欠费。', TOP_UP],
  'isv.AMOUNT_NOT_ENOUGH': ['balance_exhausted', 'The balance and the packages are used up.', '账户余额或套餐包余量不足。', TOP_UP],
  'Throttling.System': ['throttled', 'Alibaba Cloud has too many requests at present.', '阿里云系统流控。', both('Send more slowly, or ask Alibaba Cloud by ticket for a higher rate.', '请降低发送频率，或提交工单申请提高流控上限。')],
  'isp.SYSTEM_ERROR': ['provider_fault', 'The verification platform had an error of its own.', '认证平台系统错误。', LATER],
  'isp.UNKNOWN_ERR_CODE': ['provider_fault', 'The verification platform had an error that it does not name.', '认证平台返回未知错误。', LATER],
  InternalError: ['provider_fault', 'Alibaba Cloud had an error of its own; it was also seen where a template’s variable or a permission was missing.', '阿里云内部错误；缺少模板变量或权限时也曾出现。', both('Try again in a few minutes. When it stays, compare the template variables with the PNVS console and the permission with the RAM console.', '请几分钟后重试；若持续出现，请在号码认证服务控制台核对模板变量，并在 RAM 控制台核对权限。')],
})

/** Every documented code that an answer to `SendSmsVerifyCode` may carry. */
export const failures: FailureTable = {
  ...ownFailures,
  ...beforeAsking,
  ...gatewayFailures,
  ...sendFailures,
}

/** What is left of a code of the product itself without what stands before its last dot; undefined for others. */
const bare = (code: string): string | undefined =>
  /^(?:\w+\.)?([A-Z]+(?:_[A-Z]+)+|FREQUENCY)$/i.exec(code)?.[1]?.toUpperCase()

const BY_BARE = new Map(
  Object.keys(sendFailures).flatMap(code => {
    const name = bare(code)
    return name === undefined ? [] : [[name, code] as const]
  }),
)

/**
 * A provider's code as the table writes it. The same codes come with and without `isv.`, also in other cases, and their
 * spelling tells nothing.
 */
export function asInTable(code: unknown): unknown {
  if (typeof code !== 'string' || Object.hasOwn(failures, code)) return code
  const name = bare(code)
  return (name !== undefined && BY_BARE.get(name)) || code
}
