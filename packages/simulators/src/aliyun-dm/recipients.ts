/** Local parts that provoke one failure, at any domain, whatever the settings. */
export const MAGIC_LOCAL_PARTS: { localPart: string; code: string }[] = [
  { localPart: 'invalid', code: 'InvalidToAddress' },
  { localPart: 'spam', code: 'InvalidToAddress.Spam' },
  { localPart: 'notfound', code: 'InvalidReceiver.NotFound' },
  { localPart: 'format', code: 'EmailFormatError' },
  { localPart: 'quota', code: 'InvalidSendMail.Spam' },
  { localPart: 'locked', code: 'InvalidAddress.Locked' },
  { localPart: 'sender-notfound', code: 'InvalidMailAddress.NotFound' },
  { localPart: 'sender-frozen', code: 'InvalidMailAddressStatus.Malformed' },
  { localPart: 'sender-type', code: 'InvalidMailAddressSendType.Malformed' },
  { localPart: 'sender-domain', code: 'InvalidMailAddressDomain.Malformed' },
  { localPart: 'body', code: 'InvalidBody' },
  { localPart: 'subject', code: 'InvalidSubject.Malformed' },
  { localPart: 'alias', code: 'InvalidFromAlias.Malformed' },
  { localPart: 'template', code: 'InvalidTemplate.NotFound' },
  { localPart: 'forbidden', code: 'Forbidden.RAM' },
  { localPart: 'risk', code: 'Forbidden.RiskControl' },
  { localPart: 'key', code: 'InvalidAccessKeyId.NotFound' },
  { localPart: 'signature', code: 'SignatureDoesNotMatch' },
  { localPart: 'throttled', code: 'Throttling.User' },
  { localPart: 'internal', code: 'InternalError' },
  { localPart: 'unavailable', code: 'ServiceUnavailable' },
  { localPart: 'unknown', code: 'InvalidSomething.NotInAnyTable' },
]

/** What stands before the @, in lower case; empty when there is none. */
export function localPartOf(address: string): string {
  return address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase()
}
