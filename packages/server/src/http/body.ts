import { fromUtf8, isUtf8Form, readCapped } from '@countersign/kit'
import type { Context } from 'hono'
import { ApiError } from '../refusals/refusal.ts'

const KIB = 1024

/** Most that a body may have, in bytes; far above any configuration with mail templates. */
export const BODY_LIMIT = 1024 * KIB

/** Most that a body may have whose sender nobody knows; users' own data are larger than any form of a stranger. */
export const BODY_LIMITS = { stranger: 16 * KIB, user: 64 * KIB } as const

/** Levels of objects and lists: whatever goes through a body calls itself, and this many times at most. */
export const DEEPEST_BODY = 200

/** @throws ApiError `request.invalid_input`: what is no UTF-8 would be stored as another text */
const notUtf8 = (what: string) =>
  new ApiError('request.invalid_input', {
    data: { message: `${what} is not UTF-8; encode it so before you send it` },
  })

/**
 * The body as text, read no further than the limit, whether its length was announced or not.
 *
 * @throws ApiError `request.invalid_input` (too large, not UTF-8, or cut off)
 * @example const text = await readText(context, BODY_LIMITS.stranger)
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
    return textOf(new Uint8Array(await req.arrayBuffer().catch(throwCutOff)))
  }
  const body = req.raw.body as AsyncIterable<Uint8Array> | null
  const { bytes, isWhole } = await readCapped(body, limit).catch(throwCutOff)
  if (!isWhole) throw tooLarge()
  return textOf(bytes)
}

/** Reading fails only where the client goes away, so it is no fault of ours, and nobody reads the answer. */
function throwCutOff(cause: unknown): never {
  throw new ApiError('request.invalid_input', {
    data: { message: 'the body ended before its end; send it again' },
    cause,
  })
}

function textOf(bytes: Uint8Array): string {
  const text = fromUtf8(bytes)
  if (text === undefined) throw notUtf8('the body')
  return text
}

/**
 * @throws ApiError `request.invalid_input` for a form or a query whose percent signs hide another encoding
 * @example requireUtf8('name=%E6%9E%97', 'the form') // `name=%C1%D6` is refused
 */
export function requireUtf8(form: string, what: 'the form' | 'the query'): void {
  if (!isUtf8Form(form)) throw notUtf8(what)
}

/** Names what no database can store in a text as it is: NUL, and halves of characters, which have no UTF-8. */
const problemOf = (text: string) => {
  if (text.includes('\0')) return 'must not hold the character NUL'
  return text.isWellFormed() ? undefined : 'must not hold half of a character (a lone surrogate)'
}

/** A text that cannot be stored, and why. */
export interface Unstorable {
  path: (string | number)[]
  message: string
}

/**
 * Finds the place in a value whose text cannot be stored; undefined when there is none.
 *
 * @throws ApiError `request.invalid_input` (400) for a value that is nested too deeply
 * @example findUnstorable({ name: 'a\0' })?.path // ['name']
 */
export function findUnstorable(value: unknown, path: Unstorable['path'] = []): Unstorable | undefined {
  if (typeof value === 'string') {
    const message = problemOf(value)
    return message === undefined ? undefined : { path, message }
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (path.length >= DEEPEST_BODY)
    throw new ApiError('request.invalid_input', {
      data: { message: `nests deeper than ${DEEPEST_BODY} levels` },
    })
  for (const [key, member] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key]
    const message = problemOf(key)
    const found = message === undefined ? findUnstorable(member, here) : { path: here, message }
    if (found) return found
  }
  return undefined
}
