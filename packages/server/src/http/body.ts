import { readCapped } from '@countersign/kit'
import type { Context } from 'hono'
import { ApiError } from '../refusals/refusal.ts'

const KIB = 1024

/** Most that a body may have, in bytes; far above any configuration with mail templates. */
export const BODY_LIMIT = 1024 * KIB

/** Most that a body may have whose sender nobody knows; users' own data are larger than any form of a stranger. */
export const BODY_LIMITS = { stranger: 16 * KIB, user: 64 * KIB } as const

/** Levels of objects and lists: whatever goes through a body calls itself, and this many times at most. */
export const DEEPEST_BODY = 200

/**
 * The body as text, read no further than the limit, whether its length was announced or not.
 *
 * @throws ApiError `request.invalid_input` (too large)
 */
export async function readText({ req }: Context, limit = BODY_LIMIT): Promise<string> {
  const tooLarge = () =>
    new ApiError('request.invalid_input', {
      kind: 'too-large',
      data: { limit, message: `the body must have at most ${limit} bytes` },
    })
  const announced = req.header('content-length')
  // An announced length is held by the HTTP parser; only bodies without one must be counted.
  if (announced !== undefined && req.header('transfer-encoding') === undefined) {
    if (Number(announced) > limit) throw tooLarge()
    return req.text()
  }
  const { bytes, isWhole } = await readCapped(req.raw.body as AsyncIterable<Uint8Array> | null, limit)
  if (!isWhole) throw tooLarge()
  return bytes.toString('utf8')
}

/**
 * Where in a value a text holds the character NUL, which PostgreSQL cannot store; undefined when nowhere.
 *
 * @throws ApiError `request.invalid_input` (400) for a value that is nested too deeply
 */
export function findNul(value: unknown, path: (string | number)[] = []): (string | number)[] | undefined {
  if (typeof value === 'string') return value.includes('\0') ? path : undefined
  if (typeof value !== 'object' || value === null) return undefined
  if (path.length >= DEEPEST_BODY)
    throw new ApiError('request.invalid_input', {
      data: { message: `nests deeper than ${DEEPEST_BODY} levels` },
    })
  for (const [key, member] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key]
    const found = key.includes('\0') ? here : findNul(member, here)
    if (found) return found
  }
  return undefined
}
