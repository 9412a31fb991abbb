import { both, FILL_IN, failureTable, REPORT } from '../failure-table.ts'
import { ALIYUN_PLACES, DOCUMENTED_IN } from '../places.ts'

const NEW_KEY = both(
  'Open RAM console → Users, look at the user’s AccessKeys, and copy ID and secret again; create a new pair when the secret is lost.',
  '打开 RAM 控制台 → 身份管理 → 用户，检查该用户的 AccessKey，重新复制 ID 与 Secret；若 Secret 已丢失请新建一对。',
)
const ENABLE_KEY = both(
  'Open RAM console → Users → AccessKey and enable it, or create another.',
  '打开 RAM 控制台 → 身份管理 → 用户 → AccessKey，启用该密钥或另建一个。',
)
const GRANT = both(
  'Open RAM console → Users → Add permissions and grant the policy from the guide.',
  '打开 RAM 控制台 → 身份管理 → 用户 → 添加权限，授予配置指南中的权限策略。',
)
const CLOCK = both(
  'Set the server’s clock by NTP; fifteen minutes of difference are allowed.',
  '请用 NTP 校准服务器时钟，允许的误差为 15 分钟。',
)
const TEMPORARY_KEY = both(
  'A temporary key is an ID, a secret and an STS token that belong together and expire within hours: fill in all three anew, or use the long-lived AccessKey of a RAM user.',
  '临时密钥由 AccessKey ID、Secret 和 STS Token 三者组成，数小时后一同过期：请重新填写全部三项，或改用 RAM 用户的长期 AccessKey。',
)
const SLOWER = both(
  'Send more slowly, or ask Alibaba Cloud by ticket for a higher rate.',
  '请降低发送频率，或提交工单申请提高流控上限。',
)
const LATER = both(
  'Try again in a few minutes; look at status.aliyun.com when it stays.',
  '请几分钟后重试；若持续出现请查看 status.aliyun.com。',
)

/** Codes of the gateway in front of every Aliyun API; the products' own tables stand beside their connectors. */
// biome-ignore format: one line per code
export const gatewayFailures = failureTable({ source: 'Alibaba Cloud API error center, common error codes (api.aliyun.com/document/common)', places: ALIYUN_PLACES, document: DOCUMENTED_IN.aliyunGateway }, {
  'InvalidAction.NotFound': ['message_rejected', 'The API has no such action.', '接口不存在（Action 无效）。', REPORT],
  'InvalidApi.NotFound': ['message_rejected', 'The API has no such action.', '接口不存在。', REPORT],
  InvalidVersion: ['message_rejected', 'The API has no such version.', 'API 版本号无效。', REPORT],
  'InvalidProduct.NotFound': ['message_rejected', 'The endpoint does not serve this product.', '该接入地址不提供此产品的服务。', REPORT],
  MissingAccessKeyId: ['credentials_rejected', 'The request carried no AccessKey ID.', '请求缺少 AccessKey ID。', FILL_IN],
  MissingPhoneNumbers: ['message_rejected', 'The request carried no phone number.', '请求缺少接收号码。', REPORT],
  MissingSignName: ['message_rejected', 'The request carried no signature name.', '请求缺少短信签名名称。', FILL_IN],
  MissingTemplateCode: ['message_rejected', 'The request carried no template code.', '请求缺少短信模板 CODE。', FILL_IN],
  MissingAccountName: ['message_rejected', 'The request carried no sender address.', '请求缺少发信地址。', FILL_IN],
  MissingAddressType: ['message_rejected', 'The request did not say what kind the sender address is.', '请求缺少发信地址类型。', REPORT],
  MissingReplyToAddress: ['message_rejected', 'The request did not say whether to use the reply address.', '请求未指明是否使用回信地址。', REPORT],
  MissingToAddress: ['message_rejected', 'The request carried no recipient address.', '请求缺少收件地址。', REPORT],
  MissingSubject: ['message_rejected', 'The request carried no subject.', '请求缺少邮件主题。', FILL_IN],
  MissingParameter: ['message_rejected', 'A required parameter is missing.', '缺少必填参数。', FILL_IN],
  InvalidParameter: ['message_rejected', 'A parameter has the wrong form.', '参数格式不正确。', both('Read the answer below: it names the parameter. Compare it with the console and correct the setting.', '请查看下方的原始响应，其中指明了参数名；与控制台核对后修改设置。')],
  'InvalidParameter.Format': ['message_rejected', 'The wanted answer format is neither XML nor JSON.', '返回格式既不是 XML 也不是 JSON。', REPORT],
  UnsupportedHTTPMethod: ['message_rejected', 'The API does not take this HTTP method.', '不支持该 HTTP 方法。', REPORT],
  'InvalidProtocol.NeedSsl': ['message_rejected', 'The API wants HTTPS.', '该接口要求使用 HTTPS。', REPORT],
  'InvalidAccessKeyId.NotFound': ['credentials_rejected', 'There is no such AccessKey ID.', 'AccessKey ID 不存在。', NEW_KEY],
  'InvalidAccessKeyId.Inactive': ['credentials_rejected', 'The AccessKey is disabled.', 'AccessKey 已被禁用。', ENABLE_KEY],
  InvalidAccessKeyId: ['credentials_rejected', 'The AccessKey ID is not valid.', 'AccessKey ID 无效。', NEW_KEY],
  SignatureDoesNotMatch: ['credentials_rejected', 'The request’s signature is wrong; nearly always the AccessKey secret is.', '请求签名不匹配，通常是 AccessKey Secret 填写错误。', NEW_KEY],
  Signature: ['credentials_rejected', 'The request’s signature is wrong; nearly always the AccessKey secret is.', '请求签名不匹配，通常是 AccessKey Secret 填写错误。', NEW_KEY],
  IncompleteSignature: ['credentials_rejected', 'The signature does not follow the rules.', '请求签名不符合规范。', REPORT],
  InvalidSignatureMethod: ['credentials_rejected', 'The signature method is not accepted.', '签名方法无效。', REPORT],
  SignatureNonceUsed: ['credentials_rejected', 'The request was seen before (its nonce was used).', '请求重复（随机数已被使用）。', both('Send again. If it stays, a proxy repeats requests.', '请重新发送；若持续出现，可能有代理在重复提交请求。')],
  'InvalidTimeStamp.Format': ['credentials_rejected', 'The request’s time has the wrong form.', '请求时间格式不正确。', REPORT],
  'InvalidTimeStamp.Expired': ['credentials_rejected', 'The request’s time is too far from Alibaba Cloud’s.', '请求时间与阿里云服务器时间相差过大。', CLOCK],
  MissingSecurityToken: ['credentials_rejected', 'The key is a temporary one and its token is missing.', '使用了临时密钥但缺少 SecurityToken。', TEMPORARY_KEY],
  'InvalidSecurityToken.Malformed': ['credentials_rejected', 'The token of the temporary key has the wrong form.', 'SecurityToken 格式不正确。', TEMPORARY_KEY],
  'InvalidSecurityToken.Expired': ['credentials_rejected', 'The token of the temporary key has expired.', 'SecurityToken 已过期。', TEMPORARY_KEY],
  'InvalidSecurityToken.MismatchWithAccessKey': ['credentials_rejected', 'The token does not belong to the AccessKey.', 'SecurityToken 与 AccessKey 不匹配。', TEMPORARY_KEY],
  Forbidden: ['credentials_rejected', 'The key may not do this.', '该密钥无权执行此操作。', GRANT],
  'Forbidden.RAM': ['credentials_rejected', 'The RAM user may not do this.', 'RAM 用户无权执行此操作。', GRANT],
  'Forbidden.RiskControl': ['credentials_rejected', 'Alibaba Cloud’s risk control has locked the account.', '账号被阿里云风控限制。', both('Sign in to the Alibaba Cloud console, read the security notices, and ask by ticket to have the lock lifted.', '登录阿里云控制台查看安全通知，并提交工单申请解除限制。')],
  Throttling: ['throttled', 'Too many requests from this account.', '账号请求过于频繁，被流控。', SLOWER],
  'Throttling.User': ['throttled', 'Too many requests from this account.', '账号请求过于频繁，被用户级流控。', SLOWER],
  'Throttling.Api': ['throttled', 'Too many requests to this action.', '该接口请求过于频繁，被接口级流控。', SLOWER],
  ServiceUnavailable: ['provider_fault', 'The service is down for the moment.', '服务暂时不可用。', LATER],
  InternalError: ['provider_fault', 'Alibaba Cloud had an error of its own.', '阿里云内部错误。', LATER],
})
