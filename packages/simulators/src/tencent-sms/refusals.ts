import { REQUEST_LEVEL_CODES } from './unverified.ts'

/** A refusal of the request as a whole (`Response.Error`) or of one number (its element of SendStatusSet). */
export class Refusal extends Error {
  readonly code: string
  constructor(code: string, message?: string) {
    super(message ?? MESSAGES[code] ?? code)
    this.code = code
  }
}

/**
 * English messages as the cloud words them, where they are known. Source: Tencent Cloud API 3.0 documents, SMS,
 * Error codes. Callers must branch on codes alone.
 */
const MESSAGES: Record<string, string> = {
  'AuthFailure.SignatureFailure':
    'The provided credentials could not be validated. Please check your signature is correct.',
  'AuthFailure.SignatureExpire':
    'Signature expired. Timestamp and server time differ by more than five minutes.',
  'AuthFailure.SecretIdNotFound': 'The SecretId is not found, please ensure that your SecretId is correct.',
  'AuthFailure.InvalidSecretId': 'The SecretId is not valid.',
  'AuthFailure.InvalidAuthorization': 'The Authorization header is not valid.',
  'AuthFailure.TokenFailure': 'The token is not valid.',
  UnauthorizedOperation: 'You are not authorized to perform this operation.',
  InvalidAction: 'The request action is not valid.',
  NoSuchVersion: 'The API version does not exist.',
  InvalidRequest: 'The request body cannot be parsed as JSON.',
  UnsupportedProtocol: 'HTTP(S) protocol error, only GET and POST requests are supported.',
  UnsupportedRegion: 'The region is not supported by this product.',
  RequestSizeLimitExceeded: 'The size of the request exceeds the upper limit.',
  RequestLimitExceeded: 'The number of requests exceeds the frequency limit.',
  InternalError: 'An internal error has occurred.',
  'MissingParameter.EmptyPhoneNumberSet': 'the phone number set is empty',
  'LimitExceeded.PhoneNumberCountLimit': 'the number of phone numbers exceeds the upper limit of 200',
  'LimitExceeded.PhoneNumberThirtySecondLimit':
    'the number of sms messages sent from a single mobile number within 30 seconds exceeds the upper limit',
  'LimitExceeded.PhoneNumberOneHourLimit':
    'the number of sms messages sent from a single mobile number within 1 hour exceeds the upper limit',
  'LimitExceeded.PhoneNumberDailyLimit':
    'the number of sms messages sent from a single mobile number every day exceeds the upper limit',
  'LimitExceeded.PhoneNumberSameContentDailyLimit':
    'the number of the same sms messages sent from a single mobile number exceeds the upper limit',
  'UnauthorizedOperation.SmsSdkAppIdVerifyFail': 'failed to verify SmsSdkAppId',
  'FailedOperation.SignatureIncorrectOrUnapproved': 'signature is incorrect or not approved',
  'FailedOperation.TemplateIncorrectOrUnapproved':
    'template is not approved or request content does not match the approved template content',
  'FailedOperation.TemplateParamSetNotMatchApprovedTemplate':
    'request content does not match the template content',
  'FailedOperation.InsufficientBalanceInSmsPackage': 'insufficient balance of the sms package',
  'FailedOperation.PhoneNumberInBlacklist': 'the mobile number is in the blacklist',
  'InvalidParameterValue.IncorrectPhoneNumber': 'the mobile number is in incorrect format',
  'InvalidParameterValue.TemplateParameterFormatError': 'Verification code template parameter format error',
  'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter': 'url is not allowed in template parameters',
  'UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone':
    'a template for the Chinese mainland cannot be used for a global mobile number',
  'UnsupportedOperation.GlobalTemplateToChineseMainlandPhone':
    'a global template cannot be used for a mobile number of the Chinese mainland',
  'UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber':
    'the phone number set contains both Chinese mainland and global mobile numbers',
}

/** First segments under which SMS has codes of its own, which stand with the number they concern. */
const NUMBER_LEVEL =
  /^(?:FailedOperation|InvalidParameterValue|LimitExceeded|UnsupportedOperation|UnauthorizedOperation|InternalError|InvalidParameter|MissingParameter)\./

/** True when the cloud gives this code for the request as a whole and not for one number. */
export function isRequestLevel(code: string): boolean {
  return REQUEST_LEVEL_CODES.includes(code) || !NUMBER_LEVEL.test(code)
}
