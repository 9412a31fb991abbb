import type { Call } from '../aliyun-gateway/gateway.ts'
import { smsRefusal } from './refusals.ts'
import { OUT_OF_RANGE_CODE } from './unverified.ts'

/** Entries on a page at most. Source: types of the official SDK, QuerySmsSignList and QuerySendDetails. */
const PAGE_SIZE_LIMIT = 50

/** A whole number from 1 on in a parameter. Throws the refusal of anything else. */
export function countIn(
  call: Call,
  name: string,
  defaultValue: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const text = call.parameters.get(name)
  const value = text === undefined || text === '' ? defaultValue : /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > most) throw smsRefusal(OUT_OF_RANGE_CODE)
  return value
}

/** The page which the call asks for, with the members that every list has. */
export function pageOf<T>(call: Call, entries: T[]): { page: T[]; about: Record<string, number> } {
  const PageSize = countIn(call, 'PageSize', 10, PAGE_SIZE_LIMIT)
  const CurrentPage = countIn(call, 'PageIndex', 1)
  const from = (CurrentPage - 1) * PageSize
  const about = { TotalCount: entries.length, CurrentPage, PageSize }
  return { page: entries.slice(from, from + PageSize), about }
}
