import { expect } from 'vitest'

/** No list of complaints; each complaint says where and what to do. */
export function none(complaints: string[], remedy: string) {
  expect(complaints, `${remedy}\n  ${complaints.join('\n  ')}\n`).toEqual([])
}
