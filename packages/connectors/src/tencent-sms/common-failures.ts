import { both, failureTable, REPORT } from '../failure-table.ts'
import { DOCUMENTED_IN, TENCENT_PLACES } from '../places.ts'

const KEY = both(
  'Open CAM console → Access Key → API Keys, and copy SecretId and SecretKey again; create a new pair when the SecretKey is lost. Keys of one site do not work on the other: compare the site in the settings.',
  '打开访问管理（CAM）控制台 → 访问密钥 → API 密钥管理，重新复制 SecretId 与 SecretKey；若 SecretKey 已丢失请新建。中国站与国际站的密钥互不通用，请核对设置中的站点。',
)
const GRANT = both(
  'Open CAM console → Users → User List, choose the user, and attach the policy from the guide (sms:SendSms).',
  '打开访问管理（CAM）控制台 → 用户 → 用户列表，为该子用户关联配置指南中的策略（sms:SendSms）。',
)
const TEMPORARY_KEY = both(
  'A temporary key is a SecretId, a SecretKey and a token that belong together and expire within hours: fill in all three anew, or use the long-lived key of a CAM user.',
  '临时密钥由 SecretId、SecretKey 和 Token 三者组成，数小时后一同过期：请重新填写全部三项，或改用 CAM 子用户的长期密钥。',
)
const CLOCK = both(
  'Set the server’s clock by NTP; five minutes of difference are allowed.',
  '请用 NTP 校准服务器时钟，允许的误差为 5 分钟。',
)
const ADDRESS_LIST = both(
  'Open CAM console and look at the conditions on source addresses in the user’s policies and the key’s network policy; allow this server’s public address.',
  '打开访问管理（CAM）控制台，检查策略中的来源 IP 条件及密钥的网络访问限制，放行本服务器的公网 IP。',
)
const SETTINGS = both(
  'Compare SDK AppID, signature, template ID and region with the SMS console; the answer below names the parameter.',
  '请与短信控制台核对 SDK AppID、签名内容、模板 ID 和地域；下方原始响应指明了具体参数。',
)
const SLOWER = both(
  'Send more slowly, or ask Tencent Cloud by ticket for a higher rate.',
  '请降低请求频率，或提交工单申请提高频率上限。',
)
const LATER = both(
  'Try again in a few minutes; open a ticket with the RequestId when it stays.',
  '请几分钟后重试；若持续出现，请携带 RequestId 提交工单。',
)
const REGION = both(
  'Choose the region in which application, signature and template were made; ap-guangzhou unless you chose another.',
  '请选择创建应用、签名和模板时所在的地域；未特别选择时为 ap-guangzhou。',
)
const RESOURCE = both(
  'Look in the SMS console whether application, signature and template still exist; open a ticket with the RequestId otherwise.',
  '请在短信控制台确认应用、签名和模板仍然存在；否则请携带 RequestId 提交工单。',
)

/** Codes of the API gateway, the same for every Tencent Cloud product. */
// biome-ignore format: one line per code
export const commonFailures = failureTable({ source: 'Tencent Cloud API 3.0, common error codes of the SMS API (document/product/382)', places: TENCENT_PLACES, document: DOCUMENTED_IN.tencentCommon }, {
  AuthFailure: ['credentials_rejected', 'The key was refused.', '鉴权失败。', KEY],
  'AuthFailure.SignatureFailure': ['credentials_rejected', 'The request’s signature is wrong; nearly always the SecretKey is.', '请求签名错误，通常是 SecretKey 填写错误。', KEY],
  'AuthFailure.SignatureExpire': ['credentials_rejected', 'The request’s time is more than five minutes from Tencent Cloud’s.', '签名过期：请求时间与腾讯云服务器时间相差超过 5 分钟。', CLOCK],
  'AuthFailure.SecretIdNotFound': ['credentials_rejected', 'There is no such SecretId.', 'SecretId 不存在。', KEY],
  'AuthFailure.InvalidSecretId': ['credentials_rejected', 'The SecretId is not one of an API key, or is disabled.', 'SecretId 无效（不是云 API 密钥或已被禁用）。', KEY],
  'AuthFailure.InvalidAuthorization': ['credentials_rejected', 'The Authorization header does not follow the rules.', '请求头 Authorization 不符合规范。', REPORT],
  'AuthFailure.TokenFailure': ['credentials_rejected', 'The token of a temporary key is wrong.', '临时密钥的 Token 错误。', TEMPORARY_KEY],
  'AuthFailure.MFAFailure': ['credentials_rejected', 'The key’s user must pass a second factor.', 'MFA 校验失败。', both('Use the key of a CAM user for programs, without a second factor for API calls.', '请使用仅供程序访问的 CAM 子用户密钥，且接口调用不要求 MFA。')],
  'AuthFailure.UnauthorizedOperation': ['credentials_rejected', 'The CAM user may not send messages.', 'CAM 子用户未被授权执行此操作。', GRANT],
  UnauthorizedOperation: ['credentials_rejected', 'The CAM user may not send messages.', '未授权的操作。', GRANT],
  MissingParameter: ['message_rejected', 'A required parameter is missing.', '缺少必填参数。', SETTINGS],
  InvalidParameter: ['message_rejected', 'A parameter has the wrong form or type.', '参数格式或类型错误。', SETTINGS],
  InvalidParameterValue: ['message_rejected', 'A parameter has a wrong value.', '参数取值错误。', SETTINGS],
  UnknownParameter: ['message_rejected', 'The API does not know a parameter.', '存在未定义的参数。', REPORT],
  InvalidAction: ['message_rejected', 'The API has no such action.', '接口不存在。', REPORT],
  InvalidRequest: ['message_rejected', 'The request’s body is not valid.', '请求体格式错误。', REPORT],
  NoSuchVersion: ['message_rejected', 'The API has no such version.', '接口版本不存在。', REPORT],
  NoSuchProduct: ['message_rejected', 'There is no such product.', '产品不存在。', REPORT],
  UnsupportedProtocol: ['message_rejected', 'The API wants HTTPS with GET or POST.', '协议不受支持，仅支持 HTTPS 的 GET 和 POST。', REPORT],
  UnsupportedOperation: ['message_rejected', 'The operation is not supported.', '操作不受支持。', SETTINGS],
  ActionOffline: ['message_rejected', 'The action has been withdrawn.', '接口已下线。', REPORT],
  DryRunOperation: ['message_rejected', 'The request was taken as a rehearsal only.', '请求仅为预检（DryRun）。', REPORT],
  UnsupportedRegion: ['region_unsupported', 'The SMS API does not run in the region of the settings.', '短信接口不支持所选地域。', REGION],
  IpInBlacklist: ['credentials_rejected', 'This server’s address is on a block list.', '本服务器的 IP 在黑名单中。', ADDRESS_LIST],
  IpNotInWhitelist: ['credentials_rejected', 'This server’s address is not on the allow-list.', '本服务器的 IP 不在白名单中。', ADDRESS_LIST],
  RequestLimitExceeded: ['throttled', 'Too many requests in a second.', '请求次数超过频率限制。', SLOWER],
  'RequestLimitExceeded.UinLimitExceeded': ['throttled', 'Too many requests of this account in a second.', '账号请求次数超过频率限制。', SLOWER],
  'RequestLimitExceeded.IPLimitExceeded': ['throttled', 'Too many requests from this address in a second.', '该 IP 请求次数超过频率限制。', SLOWER],
  'RequestLimitExceeded.GlobalRegionUinLimitExceeded': ['throttled', 'Too many requests of this account over all regions.', '账号在全地域的请求次数超过频率限制。', SLOWER],
  LimitExceeded: ['balance_exhausted', 'A quota is used up.', '超过配额限制。', both('Open the SMS console → Application Management and look at its limits and packages.', '打开短信控制台 → 应用管理，查看该应用的限额与套餐包余量。')],
  RequestSizeLimitExceeded: ['message_rejected', 'The request is too large.', '请求包超过大小限制。', REPORT],
  ResponseSizeLimitExceeded: ['message_rejected', 'The answer would be too large.', '返回包超过大小限制。', REPORT],
  ResourceInsufficient: ['message_rejected', 'Not enough of a resource.', '资源不足。', RESOURCE],
  ResourceInUse: ['message_rejected', 'A resource is in use.', '资源被占用。', RESOURCE],
  ResourceNotFound: ['message_rejected', 'A resource does not exist.', '资源不存在。', RESOURCE],
  ResourceUnavailable: ['message_rejected', 'A resource is not available.', '资源不可用。', RESOURCE],
  FailedOperation: ['provider_fault', 'The operation failed without a stated reason.', '操作失败（未说明原因）。', LATER],
  InternalError: ['provider_fault', 'Tencent Cloud had an error of its own.', '腾讯云内部错误。', LATER],
  ServiceUnavailable: ['provider_fault', 'The service is down for the moment.', '服务暂时不可用。', LATER],
})
