import { isObject } from '@countersign/kit'
import type { Reading } from '../check/verdict.ts'
import { failures, fallback } from './failures.ts'

/** How answers of Tencent Cloud are read: the refusal of a whole call stands inside the response. */
export const READING: Reading = {
  table: failures,
  fallback,
  codeOf({ body }) {
    const { Error: error } = isObject(body.Response) ? body.Response : { Error: {} }
    return error === undefined || error === null ? undefined : isObject(error) ? error.Code : null
  },
  bodyOf: ({ body }) => (isObject(body.Response) ? body.Response : {}),
}
