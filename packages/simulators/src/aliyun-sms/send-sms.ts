import { randomInt } from 'node:crypto'
import { accountOf } from '../aliyun-gateway/access-keys.ts'
import type { Call, Fields } from '../aliyun-gateway/gateway.ts'
import type { World } from '../cloud.ts'
import { findCode } from '../inbox/codes.ts'
import { isAllowListed, type Recipient } from '../numbers.ts'
import { segments } from '../segments.ts'
import { SIGNATURES, type Signature, TEMPLATES, type Template } from './accounts.ts'
import { readTemplateParam, renderTemplate, withSignature } from './content.ts'
import type { Frequency } from './frequency.ts'
import { NUMBERS_PER_CALL, readNumber } from './numbers.ts'
import { outcomeFor } from './receipts.ts'
import { MAGIC_RECIPIENTS } from './recipients.ts'
import { smsRefusal } from './refusals.ts'
import { MAINLAND_TEMPLATE_OVERSEAS_CODE } from './unverified.ts'

/** SendSms: sends one text to every number, or refuses the whole call. */
export function sendSms(call: Call, world: World, frequency: Frequency): Fields {
  const numbers = call.required('PhoneNumbers').split(',')
  const signName = call.required('SignName')
  const templateCode = call.required('TemplateCode')
  if (call.key.state === 'ram-denied') throw smsRefusal('isp.RAM_PERMISSION_DENY')
  refuseMagic(numbers)
  if (numbers.length > NUMBERS_PER_CALL) throw smsRefusal('isv.MOBILE_COUNT_OVER_LIMIT')
  const values = readTemplateParam(call.parameters.get('TemplateParam'))
  const signature = approvedSignature(signName)
  const template = approvedTemplate(templateCode)
  if (signature.kind === 'captcha only' && template.type !== 'captcha') {
    throw smsRefusal('isv.SMS_SIGNATURE_SCENE_ILLEGAL')
  }
  const text = withSignature(signature.name, template, renderTemplate(template, values))
  const recipients = readRecipients(numbers, template)
  checkFrequency(recipients, signature, template, world, frequency)
  if (call.key.state === 'out-of-service') throw smsRefusal('isv.OUT_OF_SERVICE')
  const account = accountOf(call.key)
  if (!world.spend(account, recipients.length)) throw smsRefusal('isv.AMOUNT_NOT_ENOUGH')
  const code = values.code ?? (template.type === 'captcha' ? Object.values(values)[0] : findCode(text))
  const messageId = bizId(world.now())
  const about = { cloud: 'aliyun-sms' as const, from: signature.name, text }
  for (const { e164: to } of recipients) {
    frequency.count(sendOf(to, signature, template))
    world.deliver({ ...about, channel: 'sms', to, code })
    world.submit({
      ...about,
      account,
      messageId,
      to,
      outcome: outcomeFor(to),
      reference: call.parameters.get('OutId') ?? '',
      template: template.code,
      segments: segments(text, template.type === 'international'),
    })
  }
  return { Message: 'OK', Code: 'OK', BizId: messageId }
}

function refuseMagic(numbers: string[]): void {
  for (const number of numbers) {
    const e164 = readNumber(number, 'mainland')?.e164
    const magic = MAGIC_RECIPIENTS.find(recipient => recipient.e164 === e164)
    if (magic) throw smsRefusal(magic.code, magic.message)
  }
}

function approvedSignature(name: string): Signature {
  const signature = SIGNATURES.find(candidate => candidate.name === name)
  if (signature?.review !== 'approved') throw smsRefusal('isv.SMS_SIGNATURE_ILLEGAL')
  return signature
}

function approvedTemplate(code: string): Template {
  const template = TEMPLATES.find(candidate => candidate.code === code)
  if (!template) throw smsRefusal('isv.SMS_TEMPLATE_ILLEGAL', '该账号下找不到对应模板')
  if (template.review !== 'approved') throw smsRefusal('isv.SMS_TEMPLATE_ILLEGAL')
  return template
}

/** The recipients without duplicates. Throws when one has no valid number or does not fit the template. */
function readRecipients(numbers: string[], template: Template): Recipient[] {
  const international = template.type === 'international'
  const recipients = new Map<string, Recipient>()
  for (const number of numbers) {
    const recipient = readNumber(number, international ? 'international' : 'mainland')
    if (!recipient) throw smsRefusal('isv.MOBILE_NUMBER_ILLEGAL')
    if (recipient.mainland && international) throw smsRefusal('isv.DOMESTIC_NUMBER_NOT_SUPPORTED')
    if (!recipient.mainland && !international) throw smsRefusal(MAINLAND_TEMPLATE_OVERSEAS_CODE)
    recipients.set(recipient.e164, recipient)
  }
  return [...recipients.values()]
}

function checkFrequency(
  recipients: Recipient[],
  signature: Signature,
  template: Template,
  world: World,
  frequency: Frequency,
): void {
  if (!world.frequencyControl()) return
  for (const { e164 } of recipients) {
    if (isAllowListed(e164)) continue
    const message = frequency.refuses(sendOf(e164, signature, template))
    if (message) throw smsRefusal('isv.BUSINESS_LIMIT_CONTROL', message)
  }
}

function sendOf(number: string, signature: Signature, template: Template) {
  return { number, signature: signature.name, template: template.code, type: template.type }
}

/** Digits, a caret, a zero: the form of every BizId seen. */
function bizId(now: number): string {
  return `${randomInt(1e5, 1e6)}${Math.trunc(now)}^0`
}
