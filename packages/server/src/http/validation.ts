import type { z } from 'zod'
import { ApiError } from './errors.ts'

/** An issue as the wire knows it: the form of Zod 3, which Logto's clients expect. */
export interface WireIssue {
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

function wireIssue(issue: z.core.$ZodIssue, input: unknown): WireIssue {
  const base = { path: issue.path as (string | number)[], message: issue.message }
  const received = () => kindOf(at(input, issue.path))
  switch (issue.code) {
    case 'invalid_type':
      return { ...base, code: 'invalid_type', expected: issue.expected, received: received() }
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

/** Issues of a failed parse in the wire's form. */
export function wireIssues(error: z.ZodError, input: unknown): WireIssue[] {
  return error.issues.map(issue => wireIssue(issue, input))
}

const line = (issue: WireIssue) =>
  `Error in key path "${issue.path.join('.')}": (${issue.code}) ${
    issue.code === 'invalid_type'
      ? `Expected ${issue.expected} but received ${issue.received}.`
      : issue.message
  }`

/**
 * Parses one part of a request.
 *
 * @throws ApiError `guard.invalid_input` that names every field that is wrong (contract sheet 1.5).
 */
export function parseInput(schema: z.ZodType, input: unknown): unknown {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issues = wireIssues(result.error, input)
  throw new ApiError('guard.invalid_input', {
    data: { issues, name: 'ZodError' },
    details: issues.map(line).join('\n'),
  })
}
