import type { ApiRequest } from '../request.ts'
import { readNumber } from './numbers.ts'
import { readParameters } from './parameters.ts'
import { splitNumber } from './receipts.ts'
import { Refusal } from './refusals.ts'
import { countryName } from './unverified.ts'

const NUMBERS_PER_CALL = 200

/** DescribePhoneNumberInfo: the parser of SendSms, without sending. Source: types of the official SDK. */
export function describePhoneNumberInfo(request: ApiRequest) {
  const given = readParameters(request, { PhoneNumberSet: { type: 'texts', required: true } })
  const numbers = given.PhoneNumberSet as string[]
  if (numbers.length === 0) throw new Refusal('MissingParameter.EmptyPhoneNumberSet')
  if (numbers.length > NUMBERS_PER_CALL) throw new Refusal('LimitExceeded.PhoneNumberCountLimit')
  return { PhoneNumberInfoSet: numbers.map(info) }
}

function info(number: string) {
  const recipient = readNumber(number)
  if (!recipient) {
    const { code, message } = new Refusal('InvalidParameterValue.IncorrectPhoneNumber')
    const unknown = { NationCode: '', SubscriberNumber: '', IsoCode: '', IsoName: '' }
    return { Code: code, Message: message, PhoneNumber: number, ...unknown }
  }
  const { country, subscriber } = splitNumber(recipient.e164)
  return {
    Code: 'Ok',
    Message: 'get phone number info success',
    NationCode: country,
    SubscriberNumber: subscriber,
    PhoneNumber: recipient.e164,
    IsoCode: recipient.country ?? 'DEF',
    IsoName: recipient.country ? (countryName(recipient.country) ?? 'DEFAULT') : 'DEFAULT',
  }
}
