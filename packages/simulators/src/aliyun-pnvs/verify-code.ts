import { randomInt, randomUUID } from 'node:crypto'
import { accountOf } from '../aliyun-gateway/access-keys.ts'
import type { Call, Fields } from '../aliyun-gateway/gateway.ts'
import { outcomeFor } from '../aliyun-sms/receipts.ts'
import type { World } from '../cloud.ts'
import { isAllowListed } from '../numbers.ts'
import { segments } from '../segments.ts'
import { SIGNATURES, TEMPLATES } from './accounts.ts'
import { type Codes, makeCode } from './codes.ts'
import { type Frequency, USUAL_INTERVAL } from './frequency.ts'
import { CLOUDS_OWN, countIn, numberIn, variablesIn } from './parameters.ts'
import { MAGIC_RECIPIENTS } from './recipients.ts'
import { pnvsRefusal } from './refusals.ts'

interface Service {
  world: World
  codes: Codes
  frequency: Frequency
}

/** SendSmsVerifyCode: sends a code, the caller's or one of the cloud's own, to one mainland number. */
export function sendSmsVerifyCode(call: Call, { world, codes, frequency }: Service): Fields {
  for (const name of ['PhoneNumber', 'SignName', 'TemplateCode', 'TemplateParam']) call.required(name)
  if (call.key.state === 'ram-denied') throw pnvsRefusal('isv.RAM_PERMISSION_DENY')
  const to = numberIn(call)
  const magic = MAGIC_RECIPIENTS.find(({ e164 }) => e164 === to)
  if (magic) throw pnvsRefusal(magic.code, magic.message)
  const given = (name: string) => call.parameters.get(name) ?? ''
  const { code: wanted, min } = variablesIn(call)
  const template = giftedPair(given('SignName'), given('TemplateCode'))
  const length = countIn(call, 'CodeLength', 4)
  const type = countIn(call, 'CodeType', 1)
  const validity = countIn(call, 'ValidTime', 300)
  const voidsOlder = countIn(call, 'DuplicatePolicy', 1) === 1
  countIn(call, 'AutoRetry', 1)
  const interval = countIn(call, 'Interval', USUAL_INTERVAL)
  if (world.frequencyControl() && !isAllowListed(to)) {
    const tooMany = frequency.refuses(to, interval)
    if (tooMany) throw pnvsRefusal(tooMany.code, tooMany.message)
  }
  if (call.key.state === 'out-of-service') throw pnvsRefusal('isv.OUT_OF_SERVICE')
  const account = accountOf(call.key)
  if (!world.spend(account, 1)) throw pnvsRefusal('isv.AMOUNT_NOT_ENOUGH')
  const own = wanted !== CLOUDS_OWN
  const code = own ? wanted : makeCode(length, type)
  if (!own)
    codes.keep(
      { account, number: to, scheme: given('SchemeName') },
      { text: code, until: world.now() + validity * 1000, voidsOlder },
    )
  frequency.count(to)
  const values: Record<string, string> = { code, min }
  const text = `【${given('SignName')}】${template.replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '')}`
  const about = { cloud: 'aliyun-pnvs' as const, from: given('SignName'), text, to }
  const messageId = `${randomInt(1e5, 1e6)}${Math.trunc(world.now())}^0`
  world.deliver({ ...about, channel: 'sms', code })
  world.submit({
    ...about,
    account,
    messageId,
    outcome: outcomeFor(to),
    reference: given('OutId'),
    template: given('TemplateCode'),
    segments: segments(text, false),
  })
  return {
    Code: 'OK',
    Message: '成功',
    Success: true,
    AccessDeniedDetail: '无',
    Model: {
      BizId: messageId,
      OutId: given('OutId'),
      RequestId: randomUUID(),
      ...(given('ReturnVerifyCode') === 'true' && { VerifyCode: code }),
    },
  }
}

/** The template's text. A gifted signature goes with gifted templates only, and of what is neither the cloud says no more. */
function giftedPair(signature: string, template: string): string {
  const text = Object.hasOwn(TEMPLATES, template) ? TEMPLATES[template] : undefined
  if (text === undefined || !SIGNATURES.includes(signature)) throw pnvsRefusal('isv.INVALID_PARAMETERS')
  return text
}

/** CheckSmsVerifyCode: knows the codes that the cloud has made, and none of its callers' own. */
export function checkSmsVerifyCode(call: Call, { codes }: Service): Fields {
  const number = numberIn(call)
  const text = call.required('VerifyCode')
  const given = (name: string) => call.parameters.get(name) ?? ''
  const policy = given('CaseAuthPolicy') || '1'
  const holder = { account: accountOf(call.key), number, scheme: given('SchemeName') }
  if (!/^[12]$/.test(policy) || !codes.check(holder, text, policy === '1'))
    throw pnvsRefusal('isv.ValidateFail')
  return {
    Code: 'OK',
    Message: '成功',
    Success: true,
    AccessDeniedDetail: '无',
    Model: { OutId: given('OutId'), VerifyResult: 'PASS' },
  }
}
