import { both, failureTable } from '../failure-table.ts'
import { ALIYUN_SMS_PLACES, DOCUMENTED_IN } from '../places.ts'

const NOT_A_SEND = both(
  'Only calls that manage signatures, templates and short links get this; a send never should. Do the change in the SMS console, and report it if a send got it.',
  '仅管理签名、模板和短链接的接口会返回此错误，发送短信不应出现。请在短信服务控制台处理；若发送时出现请反馈。',
)

/** Codes of the management calls, listed in the same document as those of `SendSms`. */
// biome-ignore format: one line per code
export const managementFailures = failureTable({ source: 'Alibaba Cloud SMS, API error codes, help document 101346', places: ALIYUN_SMS_PLACES, document: DOCUMENTED_IN.aliyunSms }, {
  'isv.SIGN_COUNT_OVER_LIMIT': ['message_rejected', 'The account has as many signatures as it may have.', '签名数量已达上限。', NOT_A_SEND],
  'isv.TEMPLATE_COUNT_OVER_LIMIT': ['message_rejected', 'The account has as many templates as it may have.', '模板数量已达上限。', NOT_A_SEND],
  'isv.SIGN_FILE_LIMIT': ['message_rejected', 'The signature’s proof files are too many or too large.', '签名证明文件数量或大小超出限制。', NOT_A_SEND],
  'isv.SIGN_OVER_LIMIT': ['message_rejected', 'The signature’s name is too long.', '签名字符数超出限制。', NOT_A_SEND],
  'isv.TEMPLATE_OVER_LIMIT': ['message_rejected', 'The template’s text is too long.', '模板字符数超出限制。', NOT_A_SEND],
  'isv.SMS_OVER_LIMIT': ['message_rejected', 'Too many applications for signatures and templates today.', '当日签名、模板申请次数超出限制。', NOT_A_SEND],
  'isv.ERROR_EMPTY_FILE': ['message_rejected', 'A proof file is empty.', '证明文件为空。', NOT_A_SEND],
  'isv.ERROR_SIGN_NOT_DELETE': ['message_rejected', 'The signature cannot be deleted in its present state.', '签名当前状态不允许删除。', NOT_A_SEND],
  'isv.ERROR_SIGN_NOT_MODIFY': ['message_rejected', 'The signature cannot be changed in its present state.', '签名当前状态不允许修改。', NOT_A_SEND],
  'isv.ERROR_TEMPLATE_NOT_DELETE': ['message_rejected', 'The template cannot be deleted in its present state.', '模板当前状态不允许删除。', NOT_A_SEND],
  'isv.ERROR_TEMPLATE_NOT_MODIFY': ['message_rejected', 'The template cannot be changed in its present state.', '模板当前状态不允许修改。', NOT_A_SEND],
  'isv.SHORTURL_OVER_LIMIT': ['message_rejected', 'Too many short links were made today.', '当日创建短链接数量超出限制。', NOT_A_SEND],
  'isv.NO_AVAILABLE_SHORT_URL': ['message_rejected', 'There is no short link to use.', '没有可用的短链接。', NOT_A_SEND],
  'isv.SHORTURL_NAME_ILLEGAL': ['message_rejected', 'The short link’s name is not allowed.', '短链接名称不合法。', NOT_A_SEND],
  'isv.SOURCEURL_OVER_LIMIT': ['message_rejected', 'The link to shorten is too long.', '原始链接长度超出限制。', NOT_A_SEND],
  'isv.SHORTURL_TIME_ILLEGAL': ['message_rejected', 'The short link’s lifetime is not allowed.', '短链接有效期不合法。', NOT_A_SEND],
  'isv.PHONENUMBERS_OVER_LIMIT': ['message_rejected', 'Too many numbers were uploaded.', '上传的手机号数量超出限制。', NOT_A_SEND],
  'isv.SHORTURL_STILL_AVAILABLE': ['message_rejected', 'An earlier short link is still valid.', '原有短链接仍在有效期内。', NOT_A_SEND],
  'isv.SHORTURL_DOMAIN_EMPTY': ['message_rejected', 'The short link has no domain.', '短链接域名为空。', NOT_A_SEND],
})
