/** One complaint about one member of what was sent. */
export interface Issue {
  path: readonly (string | number)[]
  message: string
  /** Of which kind, with what belongs to it, for a sentence in the operator's language. */
  code?: string
  expected?: string
  received?: string
  minimum?: number
  maximum?: number
  type?: string
  validation?: string
  keys?: readonly string[]
}

/** An answer that is not a success, or none at all (`status` 0). */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly data: unknown

  constructor(status: number, code: string, message: string, data?: unknown) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.data = data
  }
}

/** The sentence for an error: the server's own, which came in the operator's language. Faults of ours are for the log. */
export function sentenceOf(error: unknown, texts: { unreachable: string; crashed: string }): string {
  if (!(error instanceof ApiError)) return texts.crashed
  return error.status === 0 ? texts.unreachable : error.message
}

const isKey = (key: unknown): key is string | number => typeof key === 'string' || typeof key === 'number'

/** The members that the server complains about; empty when the error is not about members. */
export function issuesOf(error: unknown): Issue[] {
  if (!(error instanceof ApiError)) return []
  const issues = (error.data as { issues?: unknown } | undefined)?.issues
  if (!Array.isArray(issues)) return []
  return issues.flatMap((issue: Partial<Issue> | null) =>
    Array.isArray(issue?.path) && typeof issue.message === 'string'
      ? [{ ...issue, path: issue.path.filter(isKey), message: issue.message }]
      : [],
  )
}

/** The issues below one member, their paths starting there. */
export const issuesUnder = (issues: readonly Issue[], member: string): Issue[] =>
  issues.flatMap(issue => (issue.path[0] === member ? [{ ...issue, path: issue.path.slice(1) }] : []))
