import { randomInt } from 'node:crypto'
import { accountOf } from '../aliyun-gateway/access-keys.ts'
import type { Call, Fields } from '../aliyun-gateway/gateway.ts'
import { missingParameter } from '../aliyun-gateway/refusals.ts'
import type { World } from '../cloud.ts'
import { findCode, htmlToText } from '../inbox/codes.ts'
import { regionOf, SENDERS, type Sender, TAGS } from './accounts.ts'
import { outcomeFor } from './outcomes.ts'
import { localPartOf, MAGIC_LOCAL_PARTS } from './recipients.ts'
import { mailRefusal } from './refusals.ts'
import {
  ACCOUNT_STATE_CODE,
  FROM_ALIAS_LENGTH,
  invalidParameterCode,
  lengthOf,
  SUBJECT_LENGTH,
  TOO_MANY_BCC_CODE,
  TOO_MANY_RECIPIENTS_CODE,
} from './unverified.ts'

const RECIPIENTS_PER_CALL = 100

/** Entries of Headers that are looked at, and those which events repeat. Source: types of the official SDK. */
const HEADERS_READ = 10
const PUSHED_HEADER = /^(?:X-User-Notify-[\w-]+|Message-ID)$/i

/** SingleSendMail: sends one mail to each address, or refuses the whole call. */
export function singleSendMail(call: Call, world: World): Fields {
  const accountName = call.required('AccountName')
  const addressType = call.required('AddressType')
  const replyToAddress = call.required('ReplyToAddress')
  const addresses = call.required('ToAddress').split(',')
  const subject = call.required('Subject')
  if (call.key.state === 'ram-denied') throw mailRefusal('Forbidden.RAM')
  refuseMagic(addresses)
  refuseUnless(/^[01]$/.test(addressType), invalidParameterCode('AddressType'))
  refuseUnless(/^(?:true|false)$/.test(replyToAddress), invalidParameterCode('ReplyToAddress'))
  const sender = usableSender(accountName, regionOf(call.request.hostname))
  checkRecipients(addresses)
  checkOptions(call, subject)
  const { text, html } = readBodies(call)
  if (call.key.state === 'out-of-service') throw mailRefusal(ACCOUNT_STATE_CODE)
  const headers = readHeaders(call)
  const account = accountOf(call.key)
  if (!world.spend(account, addresses.length)) throw mailRefusal(ACCOUNT_STATE_CODE)
  const messageId = `${randomInt(1e5, 1e6)}${Math.trunc(world.now())}`
  const tag = call.parameters.get('TagName') ?? ''
  const alias = call.parameters.get('FromAlias')
  const from = alias ? `${alias} <${sender.address}>` : sender.address
  for (const to of addresses) {
    world.deliver({
      cloud: 'aliyun-dm',
      channel: 'email',
      to,
      from,
      subject,
      text,
      html,
      code: findCode(text) ?? findCode(subject),
    })
    world.submit({
      cloud: 'aliyun-dm',
      account,
      messageId,
      to,
      from: sender.address,
      text,
      outcome: outcomeFor(to),
      mail: { subject, tag, region: sender.region, headers },
    })
  }
  return { EnvId: messageId }
}

function refuseUnless(condition: boolean, code: string): void {
  if (!condition) throw mailRefusal(code)
}

function refuseMagic(addresses: string[]): void {
  for (const address of addresses) {
    const magic = MAGIC_LOCAL_PARTS.find(entry => entry.localPart === localPartOf(address))
    if (magic) throw mailRefusal(magic.code)
  }
}

function usableSender(address: string, region: string): Sender {
  const sender = SENDERS.find(candidate => candidate.address === address && candidate.region === region)
  if (!sender) throw mailRefusal('InvalidMailAddress.NotFound')
  refuseUnless(sender.state === 'verified', 'InvalidMailAddressStatus.Malformed')
  refuseUnless(sender.type === 'trigger', 'InvalidMailAddressSendType.Malformed')
  return sender
}

function checkRecipients(addresses: string[]): void {
  refuseUnless(addresses.length <= RECIPIENTS_PER_CALL, TOO_MANY_RECIPIENTS_CODE)
  refuseUnless(addresses.every(isAddress), 'InvalidToAddress')
}

/** Good enough for a mail address: one @, no spaces, a domain with a dot and labels of letters and digits. */
function isAddress(text: string): boolean {
  return (
    /^[^\s@<>(),;:"[\]\\]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u.test(
      text,
    ) && text.length <= 192
  )
}

/** Checks what SingleSendMail documents about its optional parameters and the subject. */
function checkOptions(call: Call, subject: string): void {
  const option = (name: string) => call.parameters.get(name) ?? ''
  refuseUnless(lengthOf(subject) <= SUBJECT_LENGTH && !/[\r\n]/.test(subject), 'InvalidSubject.Malformed')
  refuseUnless(lengthOf(option('FromAlias')) <= FROM_ALIAS_LENGTH, 'InvalidFromAlias.Malformed')
  refuseUnless(lengthOf(option('ReplyAddressAlias')) <= 15, 'InvalidReplyAddressAlias.Malformed')
  const reply = option('ReplyAddress')
  refuseUnless(!reply || isAddress(reply), 'InvalidReplyAddress.Malformed')
  const tag = option('TagName')
  refuseUnless(!tag || (/^[\w-]{1,128}$/.test(tag) && TAGS.includes(tag)), 'InvalidTagName.Malformed')
  const clickTrace = option('ClickTrace')
  refuseUnless(/^[01]?$/.test(clickTrace), invalidParameterCode('ClickTrace'))
  if (clickTrace === '1' && !tag) throw missingParameter('TagName')
  const bcc = option('BccAddress')
  refuseUnless(!bcc || bcc.split(',').length <= 2, TOO_MANY_BCC_CODE)
  refuseUnless(!option('IpPoolId'), 'InvalidIP.NotFound') // The account has no pool of its own.
}

function readBodies(call: Call): { text: string; html: string | undefined } {
  const html = call.parameters.get('HtmlBody') || undefined
  const text = call.parameters.get('TextBody') || (html && htmlToText(html))
  // The account has no server-side templates.
  if (call.parameters.get('Template')) throw mailRefusal('InvalidTemplate.NotFound')
  if (!text && !html) throw mailRefusal('InvalidBody')
  return { text: text ?? '', html }
}

/** The headers that come back in events. Throws when Headers is no JSON object of texts. */
function readHeaders(call: Call): Record<string, string> {
  const text = call.parameters.get('Headers')
  if (!text) return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw mailRefusal(invalidParameterCode('Headers'))
  }
  refuseUnless(
    typeof value === 'object' && value !== null && !Array.isArray(value),
    invalidParameterCode('Headers'),
  )
  return Object.fromEntries(
    Object.entries(value as object)
      .slice(0, HEADERS_READ)
      .filter(([name]) => PUSHED_HEADER.test(name))
      .map(([name, entry]) => [name, String(entry)]),
  )
}
