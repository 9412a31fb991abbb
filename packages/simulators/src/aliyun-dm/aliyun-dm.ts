import { randomInt } from 'node:crypto'
import { type Call, createGateway, type Fields } from '../aliyun-gateway/gateway.ts'
import { missingParameter } from '../aliyun-gateway/refusals.ts'
import type { Answer, Cloud, World } from '../cloud.ts'
import { findCode, htmlToText } from '../inbox/codes.ts'
import type { ApiRequest } from '../request.ts'
import { regionOf, SENDERS, type Sender, TAGS } from './accounts.ts'
import { MAGIC_LOCAL_PARTS } from './recipients.ts'
import { mailRefusal } from './refusals.ts'
import {
  ACCOUNT_STATE_CODE,
  FROM_ALIAS_LENGTH,
  invalidParameterCode,
  lengthOf,
  QUERY_LIMIT,
  QUERY_TOO_LONG_STATUS,
  SUBJECT_LENGTH,
  TOO_MANY_BCC_CODE,
  TOO_MANY_RECIPIENTS_CODE,
} from './unverified.ts'

const RECIPIENTS_PER_CALL = 100

/** Aliyun Direct Mail: Dm 2015-11-23, action SingleSendMail. */
export function createAliyunDm(world: World): Cloud {
  const cloud = createGateway(
    {
      id: 'aliyun-dm',
      name: 'Dm',
      host: 'dm.aliyuncs.com',
      actions: { '2015-11-23': { SingleSendMail: call => singleSendMail(call, world) } },
      refusal: mailRefusal,
      wrongTypeBody: JSON.stringify({ EnvId: { value: 7 }, RequestId: null }),
      reset() {},
    },
    world,
  )
  return { ...cloud, answer: request => queryTooLong(request) ?? cloud.answer(request) }
}

function queryTooLong(request: ApiRequest): Answer | undefined {
  if (request.rawQuery.length <= QUERY_LIMIT) return undefined
  const body = '<html><head><title>414 Request-URI Too Large</title></head></html>'
  const code = '414 Request-URI Too Large'
  return { status: QUERY_TOO_LONG_STATUS, contentType: 'text/html', body, action: '', keyId: '', code }
}

function singleSendMail(call: Call, world: World): Fields {
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
  if (call.key.state !== 'active') throw mailRefusal(ACCOUNT_STATE_CODE)
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
  }
  return { EnvId: `${randomInt(1e5, 1e6)}${Math.trunc(world.now())}` }
}

function refuseUnless(condition: boolean, code: string): void {
  if (!condition) throw mailRefusal(code)
}

function refuseMagic(addresses: string[]): void {
  for (const address of addresses) {
    const localPart = address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase()
    const magic = MAGIC_LOCAL_PARTS.find(entry => entry.localPart === localPart)
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
