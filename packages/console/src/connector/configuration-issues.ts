import { ApiError, type Issue, issuesOf, issuesUnder } from '../api-error.ts'

/**
 * What the server complains about inside the configuration, as paths into it. The connector's own check counts
 * from the configuration, the check of the whole request from the request.
 */
export function configurationIssues(error: unknown): Issue[] {
  if (!(error instanceof ApiError)) return []
  const issues = issuesOf(error)
  return error.code === 'connector.invalid_config' ? issues : issuesUnder(issues, 'config')
}
