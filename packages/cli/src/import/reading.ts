import { type ApiError, bodyOf } from '@countersign/server/move-in'

/** What a schema makes of a value, or the first field that it refuses and why; never the value. */
export interface Schema<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } }
}

/** Stands for an object of the source that cannot be read; has what is simple in it, such as its id. */
export class Unreadable {
  readonly problem: string

  constructor(problem: string, given: object) {
    const simple = Object.entries(given).filter(([, value]) => typeof value !== 'object' || value === null)
    Object.assign(this, Object.fromEntries(simple))
    this.problem = problem
  }
}

/** Reads what the source answered. Gives `problem` where our own rules refuse it. */
export function read<T>(schema: Schema<T>, value: unknown): { data: T } | { problem: string } {
  if (value instanceof Unreadable) return { problem: value.problem }
  const result = schema.safeParse(value)
  if (result.success) return { data: result.data }
  const [issue] = result.error.issues
  const field = issue?.path.join('.')
  return { problem: `${field ? `${field} ` : ''}${issue?.message ?? 'has an unexpected form'}` }
}

/** The member of something that may be no object. */
export const member = (value: unknown, name: string): unknown =>
  (value as Record<string, unknown> | null | undefined)?.[name]

/** A text, or undefined for anything else and for an empty one. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** True when nothing was set: absent, null, false, empty, or of members of which all are. */
export function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true
  return typeof value === 'object' && Object.values(value).every(isNothing)
}

/** The sentence of an error of the server's own rules. */
export const sentenceOf = (error: ApiError): string => bodyOf(error, ['en']).message
