import type { FailureTable } from '@countersign/kit'
import type { Reading } from '../check/verdict.ts'
import { codeOf, fallback } from './call.ts'

/** How answers of Aliyun's APIs are read. */
export const readingOf = (table: FailureTable): Reading => ({
  table,
  codeOf,
  fallback,
  bodyOf: ({ body }) => body,
})
