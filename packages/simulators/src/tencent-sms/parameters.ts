import type { ApiRequest } from '../request.ts'
import { Refusal } from './refusals.ts'
import { missing } from './tc3.ts'
import { SESSION_CONTEXT_TOO_LONG_CODE, UNKNOWN_MEMBER_CODE } from './unverified.ts'

export interface Member {
  type: 'text' | 'texts' | 'number' | 'numbers'
  required?: true
}

const FITS: Record<Member['type'], (value: unknown) => boolean> = {
  text: value => typeof value === 'string',
  texts: value => Array.isArray(value) && value.every(entry => typeof entry === 'string'),
  number: value => Number.isSafeInteger(value),
  numbers: value => Array.isArray(value) && value.every(entry => Number.isSafeInteger(entry)),
}

/** Reads an action's parameters from a JSON body or a flattened query and checks their types. Throws Refusal. */
export function readParameters(
  request: ApiRequest,
  members: Record<string, Member>,
): Record<string, unknown> {
  const given = readMembers(request)
  for (const [name, value] of Object.entries(given)) {
    const member = Object.hasOwn(members, name) ? members[name] : undefined
    if (!member) throw new Refusal(UNKNOWN_MEMBER_CODE, `The parameter \`${name}\` is not recognized.`)
    if (request.method === 'GET') given[name] = fromText(value, member.type)
    if (!FITS[member.type](given[name])) {
      throw new Refusal('InvalidParameter', `The value type of parameter \`${name}\` is not valid.`)
    }
  }
  for (const [name, member] of Object.entries(members)) {
    if (member.required && !Object.hasOwn(given, name)) throw missing(name)
  }
  return given
}

/** A query has texts alone: those that stand for numbers become numbers. */
function fromText(value: unknown, type: Member['type']): unknown {
  const read = (entry: unknown) => (/^-?\d{1,15}$/.test(String(entry)) ? Number(entry) : entry)
  if (type === 'number') return read(value)
  return type === 'numbers' && Array.isArray(value) ? value.map(read) : value
}

/** The parameters of SendSms, with their types checked. */
export interface SendSmsParameters {
  PhoneNumberSet: string[]
  SmsSdkAppId: string
  TemplateId: string
  SignName: string
  TemplateParamSet: string[]
  SessionContext: string
}

/** Reads and checks the parameters of SendSms. Throws Refusal. */
export function readSendSms(request: ApiRequest): SendSmsParameters {
  const parameters = readParameters(request, {
    PhoneNumberSet: { type: 'texts', required: true },
    SmsSdkAppId: { type: 'text', required: true },
    TemplateId: { type: 'text', required: true },
    SignName: { type: 'text' },
    TemplateParamSet: { type: 'texts' },
    ExtendCode: { type: 'text' },
    SessionContext: { type: 'text' },
    SenderId: { type: 'text' },
  }) as unknown as SendSmsParameters
  const context = parameters.SessionContext ?? ''
  if (Buffer.byteLength(context) >= 512) throw new Refusal(SESSION_CONTEXT_TOO_LONG_CODE)
  return {
    ...parameters,
    SignName: parameters.SignName ?? '',
    TemplateParamSet: parameters.TemplateParamSet ?? [],
    SessionContext: context,
  }
}

/** The members of the request; null counts as absent, as the SDKs have it. Throws Refusal. */
export function readMembers(request: ApiRequest): Record<string, unknown> {
  if (request.method === 'GET') return readQuery(request)
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(request.body).toString('utf8'))
  } catch {
    throw new Refusal('InvalidRequest')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('InvalidRequest')
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null))
}

/** A query flattens arrays: PhoneNumberSet.0=…&PhoneNumberSet.1=… */
function readQuery(request: ApiRequest): Record<string, unknown> {
  const members = new Map<string, unknown>()
  for (const [name, value] of new URLSearchParams(request.rawQuery)) {
    const list = /^(\w+)\.\d+$/.exec(name)?.[1]
    if (!list) members.set(name, value)
    else {
      const sofar = members.get(list)
      members.set(list, Array.isArray(sofar) ? [...sofar, value] : [value])
    }
  }
  return Object.fromEntries(members)
}
