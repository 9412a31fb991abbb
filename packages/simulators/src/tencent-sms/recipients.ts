/** A number that provokes one failure, whatever the settings; only authentication and types come before it. */
export interface MagicRecipient {
  /** E.164. */
  e164: string
  code: string
}

const magic = (suffix: string, code: string): MagicRecipient => ({ e164: `+861390000${suffix}`, code })

/** Same number, same kind of failure on both SMS clouds. */
export const MAGIC_RECIPIENTS: MagicRecipient[] = [
  magic('0001', 'FailedOperation.PhoneNumberInBlacklist'),
  magic('0002', 'FailedOperation.PhoneNumberInBlacklist'),
  magic('0003', 'InvalidParameterValue.IncorrectPhoneNumber'),
  magic('0011', 'LimitExceeded.PhoneNumberThirtySecondLimit'),
  magic('0012', 'LimitExceeded.PhoneNumberOneHourLimit'),
  magic('0013', 'LimitExceeded.PhoneNumberDailyLimit'),
  magic('0014', 'LimitExceeded.AppDailyLimit'),
  magic('0015', 'LimitExceeded.AppMainlandChinaDailyLimit'),
  magic('0016', 'LimitExceeded.PhoneNumberSameContentDailyLimit'),
  magic('0017', 'LimitExceeded.DeliveryFrequencyLimit'),
  magic('0018', 'LimitExceeded.DailyLimit'),
  magic('0021', 'FailedOperation.InsufficientBalanceInSmsPackage'),
  magic('0022', 'UnauthorizedOperation.ServiceSuspendDueToArrears'),
  magic('0023', 'UnauthorizedOperation.SdkAppIdIsDisabled'),
  magic('0024', 'UnauthorizedOperation.SmsSdkAppIdVerifyFail'),
  magic('0025', 'UnauthorizedOperation.SerivceSuspendDueToArrears'),
  magic('0031', 'UnauthorizedOperation.RequestPermissionDeny'),
  magic('0032', 'UnauthorizedOperation'),
  magic('0033', 'UnauthorizedOperation.RequestIpNotInWhitelist'),
  magic('0034', 'AuthFailure.SecretIdNotFound'),
  magic('0035', 'AuthFailure.SignatureFailure'),
  magic('0041', 'FailedOperation.SignatureIncorrectOrUnapproved'),
  magic('0043', 'FailedOperation.TemplateIncorrectOrUnapproved'),
  magic('0044', 'FailedOperation.TemplateParamSetNotMatchApprovedTemplate'),
  magic('0045', 'InvalidParameterValue.TemplateParameterFormatError'),
  magic('0046', 'FailedOperation.ContainSensitiveWord'),
  magic('0051', 'InternalError.Timeout'),
  magic('0052', 'InternalError.SendAndRecvFail'),
  magic('0053', 'InternalError'),
  magic('0054', 'InternalError.OtherError'),
  magic('0061', 'RequestLimitExceeded'),
  magic('0062', 'LimitExceeded.GlobalSmsSendingRateLimit'),
  magic('0063', 'LimitExceeded.AppCountryOrRegionInBlacklist'),
  magic('0099', 'FailedOperation.NotInAnyTable'),
]
