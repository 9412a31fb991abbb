import { type Issue, issuesOf } from '@countersign/kit'
import type { z } from 'zod'
import { ApiError } from '../refusals/refusal.ts'

const line = (issue: Issue) =>
  `Error in key path "${issue.path.join('.')}": (${issue.code}) ${
    issue.code === 'invalid_type'
      ? `Expected ${issue.expected} but received ${issue.received}.`
      : issue.message
  }`

/**
 * Parses one part of a request.
 *
 * @throws ApiError `guard.invalid_input` that names every field that is wrong.
 * @example parseInput(z.object({ page: z.string() }), { page: '2' }) // { page: '2' }
 */
export function parseInput(schema: z.ZodType, input: unknown): unknown {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issues = issuesOf(result.error, input)
  throw new ApiError('guard.invalid_input', {
    data: { issues, name: 'ZodError' },
    details: issues.map(line).join('\n'),
  })
}
