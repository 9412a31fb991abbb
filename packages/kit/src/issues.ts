import type { z } from 'zod'

/** An issue in the form of Zod 3, which Logto's clients and hosts expect. */
export interface Issue {
  code: string
  path: (string | number)[]
  message: string
  [member: string]: unknown
}

const kindOf = (value: unknown) =>
  value === undefined ? 'undefined' : value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

const at = (input: unknown, path: PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key],
    input,
  )

/** What was expected, by the names of Zod 3. */
const EXPECTED: Readonly<Record<string, string>> = { record: 'object', int: 'integer' }

function issueOf(issue: z.core.$ZodIssue, input: unknown): Issue {
  const base = { path: issue.path as (string | number)[], message: issue.message }
  const received = () => kindOf(at(input, issue.path))
  switch (issue.code) {
    case 'invalid_type':
      return {
        ...base,
        code: 'invalid_type',
        expected: EXPECTED[issue.expected] ?? issue.expected,
        received: issue.expected === 'int' && received() === 'number' ? 'float' : received(),
      }
    case 'invalid_format':
      return { ...base, code: 'invalid_string', validation: issue.format }
    case 'invalid_value':
      if (received() === 'undefined')
        return {
          ...base,
          code: 'invalid_type',
          expected: issue.values.map(value => `'${String(value)}'`).join(' | '),
          received: 'undefined',
        }
      return issue.values.length === 1
        ? { ...base, code: 'invalid_literal', expected: issue.values[0], received: at(input, issue.path) }
        : { ...base, code: 'invalid_enum_value', options: issue.values, received: at(input, issue.path) }
    case 'too_small':
      return {
        ...base,
        code: issue.code,
        minimum: issue.minimum,
        inclusive: issue.inclusive,
        type: issue.origin,
      }
    case 'too_big':
      return {
        ...base,
        code: issue.code,
        maximum: issue.maximum,
        inclusive: issue.inclusive,
        type: issue.origin,
      }
    case 'invalid_union':
      return issue.discriminator
        ? { ...base, code: 'invalid_union_discriminator', options: [] }
        : { ...base, code: 'invalid_union' }
    case 'unrecognized_keys':
      return { ...base, code: issue.code, keys: issue.keys }
    default:
      return { ...base, code: 'custom' }
  }
}

/**
 * Gives the issues of a failed parse in the form of Zod 3, as Logto's clients read them.
 *
 * @example issuesOf(schema.safeParse(input).error, input)[0].path
 */
export function issuesOf(error: z.ZodError, input: unknown): Issue[] {
  return error.issues.map(issue => issueOf(issue, input))
}
