import type { ApiRequest } from '../request.ts'
import { CREATED_AT_SECONDS, type Destination, SIGNATURES, STATUS_CODE, TEMPLATES } from './accounts.ts'
import { type Member, readParameters } from './parameters.ts'
import { Refusal } from './refusals.ts'
import { TEMPLATE_LIST_LIMIT, TOO_MANY_IDS_CODE } from './unverified.ts'

// Names, types and meanings in this file: types of the official SDK, version 2021-01-11.

const IDS_PER_CALL = 100
const LIMIT = 100
const SIGNATURE_LIST_LIMIT = 10

/** DescribeSmsSignList: reviews of signatures by id, or a page of all of one destination. */
export function describeSmsSignList(request: ApiRequest) {
  const { international, found } = query(request, 'SignIdSet', SIGNATURES, SIGNATURE_LIST_LIMIT)
  return {
    DescribeSignListStatusSet: found.map(({ id, content, review, reply }) => ({
      SignId: Number(id),
      International: international,
      StatusCode: STATUS_CODE[review],
      ReviewReply: reply ?? '',
      SignName: content,
      CreateTime: CREATED_AT_SECONDS,
      QualificationId: international ? 0 : 1001,
      QualificationName: international ? '' : '示例资质',
      QualificationStatusCode: international ? 0 : 1,
    })),
  }
}

/** DescribeSmsTemplateList: reviews of templates by id, or a page of all of one destination. */
export function describeSmsTemplateList(request: ApiRequest) {
  const { international, found } = query(request, 'TemplateIdSet', TEMPLATES, TEMPLATE_LIST_LIMIT)
  return {
    DescribeTemplateStatusSet: found.map(({ id, text, type, review, reply }) => ({
      TemplateId: Number(id),
      International: international,
      StatusCode: STATUS_CODE[review],
      ReviewReply: reply ?? '',
      TemplateName: type,
      CreateTime: CREATED_AT_SECONDS,
      TemplateContent: text,
    })),
  }
}

function query<T extends { id: string; destination: Destination }>(
  request: ApiRequest,
  idSet: string,
  entries: T[],
  defaultLimit: number,
): { international: 0 | 1; found: T[] } {
  const members: Record<string, Member> = {
    International: { type: 'number', required: true },
    [idSet]: { type: 'numbers' },
    Limit: { type: 'number' },
    Offset: { type: 'number' },
  }
  const { International, Limit = defaultLimit, Offset = 0, ...rest } = readParameters(request, members)
  if (International !== 0 && International !== 1) {
    throw new Refusal('InvalidParameterValue.InvalidInternational')
  }
  const listed = entries.filter(({ destination }) => (destination === 'international') === !!International)
  const ids = (rest[idSet] ?? []) as number[]
  if (ids.length > IDS_PER_CALL) throw new Refusal(TOO_MANY_IDS_CODE)
  if (ids.length > 0) {
    return { international: International, found: listed.filter(({ id }) => ids.includes(Number(id))) }
  }
  const [limit, offset] = [Number(Limit), Number(Offset)]
  if (limit < 0 || limit > LIMIT) throw new Refusal('InvalidParameterValue.LimitVerifyFail')
  if (offset < 0) throw new Refusal('InvalidParameterValue.OffsetVerifyFail')
  return { international: International, found: listed.slice(offset, offset + limit) }
}
