import { randomInt, randomUUID } from 'node:crypto'
import type { World } from '../cloud.ts'
import { findCode } from '../inbox/codes.ts'
import { isAllowListed, type Recipient } from '../numbers.ts'
import { segments } from '../segments.ts'
import { APPLICATIONS, type Application, SIGNATURES, TEMPLATES, type Template } from './accounts.ts'
import { renderTemplate } from './content.ts'
import type { Frequency } from './frequency.ts'
import { readNumber } from './numbers.ts'
import type { SendSmsParameters } from './parameters.ts'
import { outcomeFor } from './receipts.ts'
import { MAGIC_RECIPIENTS } from './recipients.ts'
import { isRequestLevel, Refusal } from './refusals.ts'
import { SERIAL_NO_OF_A_FAILURE } from './unverified.ts'

const NUMBERS_PER_CALL = 200

/** An element of SendStatusSet. */
export interface SendStatus {
  SerialNo: string
  PhoneNumber: string
  Fee: number
  SessionContext: string
  Code: string
  Message: string
  IsoCode: string
}

/** What a call of SendSms works with. */
export interface Sending {
  parameters: SendSmsParameters
  account: string
  world: World
  frequency: Frequency
}

/** Sends to every number of the set and answers a status for each. Throws Refusal for the request as a whole. */
export function sendSms(sending: Sending): SendStatus[] {
  const { parameters } = sending
  const numbers = parameters.PhoneNumberSet
  if (numbers.length === 0) throw new Refusal('MissingParameter.EmptyPhoneNumberSet')
  refuseMagic(numbers, isRequestLevel)
  if (numbers.length > NUMBERS_PER_CALL) throw new Refusal('LimitExceeded.PhoneNumberCountLimit')
  const application = APPLICATIONS.find(({ id }) => id === parameters.SmsSdkAppId)
  if (!application) throw new Refusal('UnauthorizedOperation.SmsSdkAppIdVerifyFail')
  if (application.state === 'disabled') throw new Refusal('UnauthorizedOperation.SdkAppIdIsDisabled')
  const kinds = new Set(numbers.flatMap(number => readNumber(number)?.mainland ?? []))
  if (kinds.size > 1) throw new Refusal('UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber')
  return numbers.map(number => {
    try {
      return sendOne(number, application, sending)
    } catch (error) {
      if (error instanceof Refusal) return failedStatus(number, error, parameters.SessionContext)
      throw error
    }
  })
}

/** The status of a number that was refused. */
export function failedStatus(number: string, refusal: Refusal, sessionContext: string): SendStatus {
  const recipient = readNumber(number)
  return {
    SerialNo: SERIAL_NO_OF_A_FAILURE,
    PhoneNumber: recipient?.e164 ?? number,
    Fee: 0,
    SessionContext: sessionContext,
    Code: refusal.code,
    Message: refusal.message,
    IsoCode: recipient?.country ?? '',
  }
}

function sendOne(
  number: string,
  application: Application,
  { parameters, account, world, frequency }: Sending,
): SendStatus {
  refuseMagic([number], code => !isRequestLevel(code))
  const recipient = readNumber(number)
  if (!recipient) throw new Refusal('InvalidParameterValue.IncorrectPhoneNumber')
  const template = approvedTemplate(parameters.TemplateId, recipient)
  const signature = approvedSignature(parameters.SignName, recipient)
  const content = renderTemplate(template, parameters.TemplateParamSet, application.owner)
  const text = signature ? `【${signature}】${content}` : content
  if (application.state === 'no-package') {
    throw new Refusal('FailedOperation.InsufficientBalanceInSmsPackage')
  }
  if (application.state === 'arrears') throw new Refusal('UnauthorizedOperation.ServiceSuspendDueToArrears')
  const limit =
    world.frequencyControl() && !isAllowListed(recipient.e164) && frequency.refuses(recipient.e164, text)
  if (limit) throw new Refusal(limit)
  if (!world.spend(account, 1)) throw new Refusal('FailedOperation.InsufficientBalanceInSmsPackage')
  frequency.count(recipient.e164, text)
  const to = recipient.e164
  const about = { cloud: 'tencent-sms' as const, to, from: signature || 'Tencent Cloud SMS', text }
  const code = template.type === 'captcha' ? parameters.TemplateParamSet[0] : findCode(content)
  const messageId = serialNo(recipient, world.now())
  const fee = segments(text, template.destination === 'international')
  world.deliver({ ...about, channel: 'sms', code })
  world.submit({
    ...about,
    account,
    messageId,
    outcome: outcomeFor(to),
    reference: parameters.SessionContext,
    application: application.id,
    template: template.id,
    segments: fee,
  })
  return {
    SerialNo: messageId,
    PhoneNumber: to,
    Fee: fee,
    SessionContext: parameters.SessionContext,
    Code: 'Ok',
    Message: 'send success',
    IsoCode: recipient.country ?? 'DEF',
  }
}

function refuseMagic(numbers: string[], applies: (code: string) => boolean): void {
  for (const number of numbers) {
    const e164 = readNumber(number)?.e164
    const magic = MAGIC_RECIPIENTS.find(recipient => recipient.e164 === e164)
    if (magic && applies(magic.code)) throw new Refusal(magic.code)
  }
}

function approvedTemplate(id: string, recipient: Recipient): Template {
  const template = TEMPLATES.find(candidate => candidate.id === id)
  if (template?.review !== 'approved') throw new Refusal('FailedOperation.TemplateIncorrectOrUnapproved')
  const mainland = template.destination === 'mainland'
  if (mainland && !recipient.mainland) {
    throw new Refusal('UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone')
  }
  if (!mainland && recipient.mainland) {
    throw new Refusal('UnsupportedOperation.GlobalTemplateToChineseMainlandPhone')
  }
  return template
}

/** The signature to put before the text. Only messages abroad may go without. */
function approvedSignature(content: string, recipient: Recipient): string {
  if (content === '' && !recipient.mainland) return ''
  const signature = SIGNATURES.find(candidate => candidate.content === content)
  if (signature?.review !== 'approved') throw new Refusal('FailedOperation.SignatureIncorrectOrUnapproved')
  return signature.content
}

/** `5000:` and digits for the mainland, a UUID abroad: the forms in the documents' samples. */
function serialNo(recipient: Recipient, now: number): string {
  return recipient.mainland ? `5000:${Math.trunc(now)}${randomInt(1e9, 1e10)}` : randomUUID()
}
