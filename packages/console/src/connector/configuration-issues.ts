import { ApiError, type Issue, issuesOf, issuesUnder } from '../api-error.ts'

/**
 * What the server complains about inside the configuration, as paths into it. The connector's own check counts
 * from the configuration, the check of the whole request from the request.
 */
export function configurationIssues(error: unknown): Issue[] {
  if (!(error instanceof ApiError)) return []
  const all = issuesOf(error)
  const issues = error.code === 'connector.invalid_config' ? all : issuesUnder(all, 'config')
  // An empty value often breaks several rules; the first says enough.
  const seen = new Set<string>()
  return issues.filter(issue => {
    const path = pathName(issue.path)
    return !seen.has(path) && seen.add(path)
  })
}

/** A path as one reads it: `templates[1].templateCode`. */
export const pathName = (path: Issue['path']): string =>
  path
    .map(key => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '')
