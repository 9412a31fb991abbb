import { gatewayRefusal, Refusal } from '../aliyun-gateway/refusals.ts'
import { UNCERTAIN_STATUS } from './unverified.ts'

/**
 * Codes of SingleSendMail with HTTP status and message. Unlike SMS, Direct Mail answers its business errors with an
 * HTTP error status and in the gateway's shape. Source: Alibaba Cloud help, Direct Mail error codes.
 */
const REFUSALS: Record<string, [status: number, message: string]> = {
  'InvalidMailAddress.NotFound': [404, 'The specified mailAddress does not exist.'],
  'InvalidMailAddressStatus.Malformed': [400, 'The specified mailAddress status is wrongly formed.'],
  'InvalidMailAddressSendType.Malformed': [400, 'The specified mailAddress sendType is wrongly formed.'],
  'InvalidMailAddressDomain.Malformed': [400, 'The specified mailAddress domain does not exist.'],
  InvalidToAddress: [400, 'The specified toAddress is wrongly formed.'],
  'InvalidToAddress.Spam': [400, 'Sendmail rejected by invalid address.'],
  'InvalidReceiverName.Malformed': [400, 'The specified receiver name is wrongly formed.'],
  'InvalidReceiver.NotFound': [404, 'The specified receiver does not exist.'],
  'InvalidSendMail.Spam': [400, 'Sendmail rejected by spam filter.'],
  InvalidBody: [400, 'The specified textBody or htmlBody is wrongly formed.'],
  'InvalidSubject.Malformed': [400, 'The specified subject is wrongly formed.'],
  'InvalidFromAlias.Malformed': [400, 'The specified fromAlias is wrongly formed.'],
  'InvalidReplyAddress.Malformed': [400, 'The specified replyAddress is wrongly formed.'],
  'InvalidReplyAddressAlias.Malformed': [400, 'The specified replyAddressAlias is wrongly formed.'],
  'InvalidTagName.Malformed': [400, 'The specified tagName is wrongly formed.'],
  'InvalidTemplate.NotFound': [404, 'The specified template does not exist.'],
  'InvalidTemplateName.Malformed': [400, 'The specified template name is wrongly formed.'],
  'InvalidIP.NotFound': [404, 'The specified ip does not exist.'],
  EmailFormatError: [400, 'The format of the email address is wrong.'],
  EmailLengthError: [400, 'The email address is too long.'],
  'InvalidAddress.Locked': [400, 'The specified address is locked.'],
  'InvalidDate.Malformed': [400, 'The specified date is wrongly formed.'],
  'InvalidDate.NotFound': [400, 'The specified date does not exist.'],
  'InvalidStartTime.Malformed': [400, 'The specified startTime is wrongly formed.'],
  'InvalidBetweenTime.Malformed': [400, 'The specified time span is wrongly formed.'],
  'InvalidMailAddressName.Malformed': [400, 'The specified mailAddress name is wrongly formed.'],
  'InvalidYear.Malformed': [400, 'The specified year is wrongly formed.'],
  'InvalidUser.NotFound': [UNCERTAIN_STATUS, 'The specified user does not exist.'],
  InvalidUserStatus: [UNCERTAIN_STATUS, 'The status of the user is not valid.'],
  InvalidQuota: [UNCERTAIN_STATUS, 'The quota is exceeded.'],
  Signature: [400, 'Specified signature is not matched with our calculation.'],
  InternalServiceError: [500, 'The request processing has failed due to an internal service error.'],
}

/** The refusal Direct Mail gives with this code; codes it does not have itself are the gateway's. */
export function mailRefusal(code: string): Refusal {
  const own = REFUSALS[code]
  if (own) return new Refusal('gateway', code, own[1], own[0])
  const invalid = /^Invalid([A-Z][A-Za-z]*)$/.exec(code)?.[1]
  const known = gatewayRefusal(code)
  if (!invalid || known.message !== code) return known
  return gatewayRefusal(code, `The specified parameter ${invalid} is not valid.`)
}
