import { both, failureTable } from '../failure-table.ts'
import { DOCUMENTED_IN, TENCENT_PLACES } from '../places.ts'

const NOT_A_SEND = both(
  'Only calls that manage signatures and templates get this; a send never should. Do the change in the SMS console, and report it if a send got it.',
  '仅管理签名和模板的接口会返回此错误，发送短信不应出现。请在短信控制台处理；若发送时出现请反馈。',
)
const NOT_A_QUERY = both(
  'Only calls that fetch receipts and statistics get this; a send never should. Report it if a send got it.',
  '仅拉取回执和统计的接口会返回此错误，发送短信不应出现；若发送时出现请反馈。',
)

/** Codes of the other actions of the SMS API, listed in the same document as those of `SendSms`. */
// biome-ignore format: one line per code
export const managementFailures = failureTable({ source: 'Tencent Cloud SMS API 2021-01-11, error codes (document/product/382)', places: TENCENT_PLACES, document: DOCUMENTED_IN.tencentSms }, {
  'FailedOperation.ForbidAddMarketingTemplates': ['message_rejected', 'The account may not add marketing templates.', '个人用户不能申请营销类模板。', NOT_A_SEND],
  'FailedOperation.MissingSignature': ['message_rejected', 'There is no signature yet.', '没有可用的签名。', NOT_A_SEND],
  'FailedOperation.MissingSignatureList': ['message_rejected', 'The signature is not in the account’s list.', '签名不在列表中。', NOT_A_SEND],
  'FailedOperation.MissingSignatureToModify': ['message_rejected', 'The signature to change does not exist.', '待修改的签名不存在。', NOT_A_SEND],
  'FailedOperation.MissingTemplateList': ['message_rejected', 'The template is not in the account’s list.', '模板不在列表中。', NOT_A_SEND],
  'FailedOperation.MissingTemplateToModify': ['message_rejected', 'The template to change does not exist.', '待修改的模板不存在。', NOT_A_SEND],
  'FailedOperation.NotEnterpriseCertification': ['message_rejected', 'The account is not verified as a company.', '账号未完成企业认证。', NOT_A_SEND],
  'FailedOperation.SignIdNotExist': ['message_rejected', 'There is no such signature ID.', '签名 ID 不存在。', NOT_A_SEND],
  'FailedOperation.SignNumberLimit': ['message_rejected', 'The account has as many signatures as it may have.', '签名数量已达上限。', NOT_A_SEND],
  'FailedOperation.TemplateAlreadyPassedCheck': ['message_rejected', 'The template is approved already.', '模板已审核通过。', NOT_A_SEND],
  'FailedOperation.TemplateNumberLimit': ['message_rejected', 'The account has as many templates as it may have.', '模板数量已达上限。', NOT_A_SEND],
  'InvalidParameterValue.InvalidInternational': ['message_rejected', 'The domestic/international mark is wrong.', '国内/国际标识取值错误。', NOT_A_SEND],
  'InvalidParameterValue.InvalidUsedMethod': ['message_rejected', 'The purpose of use is wrong.', '签名用途取值错误。', NOT_A_SEND],
  'InvalidParameterValue.InvalidSignPurpose': ['message_rejected', 'The signature’s purpose is wrong.', '签名用途与类型不符。', NOT_A_SEND],
  'InvalidParameterValue.InvalidDocumentType': ['message_rejected', 'The kind of proof document is wrong.', '证明类型取值错误。', NOT_A_SEND],
  'InvalidParameterValue.ImageInvalid': ['message_rejected', 'The proof picture cannot be read.', '证明图片无效。', NOT_A_SEND],
  'InvalidParameterValue.InvalidTemplateFormat': ['message_rejected', 'The template’s text has the wrong form.', '模板格式错误。', NOT_A_SEND],
  'InvalidParameterValue.MarketingTemplateWithoutUnsubscribe': ['message_rejected', 'The marketing template does not say how to opt out.', '营销类模板缺少退订说明。', NOT_A_SEND],
  'InvalidParameterValue.SignAlreadyPassedCheck': ['message_rejected', 'The signature is approved already.', '签名已审核通过。', NOT_A_SEND],
  'InvalidParameterValue.SignExistAndUnapproved': ['message_rejected', 'The same signature is still in review.', '相同签名已存在且待审核。', NOT_A_SEND],
  'InvalidParameterValue.SignNameLengthTooLong': ['message_rejected', 'The signature is too long.', '签名内容过长。', NOT_A_SEND],
  'InvalidParameterValue.TemplateWithDirtyWords': ['message_rejected', 'The template holds forbidden words.', '模板包含敏感词。', NOT_A_SEND],
  'InvalidParameterValue.BeginTimeVerifyFail': ['message_rejected', 'The begin time is not allowed.', '起始时间校验失败。', NOT_A_QUERY],
  'InvalidParameterValue.EndTimeVerifyFail': ['message_rejected', 'The end time is not allowed.', '结束时间校验失败。', NOT_A_QUERY],
  'InvalidParameterValue.InvalidStartTime': ['message_rejected', 'The start time is not allowed.', '开始时间无效。', NOT_A_QUERY],
  'InvalidParameterValue.LimitVerifyFail': ['message_rejected', 'The page size is not allowed.', 'Limit 校验失败。', NOT_A_QUERY],
  'InvalidParameterValue.OffsetVerifyFail': ['message_rejected', 'The page offset is not allowed.', 'Offset 校验失败。', NOT_A_QUERY],
})
