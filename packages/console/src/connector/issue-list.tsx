import { Alert, List } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import type { Issue } from '../api-error.ts'
import { pathName } from './configuration-issues.ts'

/** The members that still have to be mended, by name. */
export function IssueList({ title, issues }: { title: string; issues: readonly Issue[] }) {
  if (issues.length === 0) return null
  return (
    <Alert color="red" icon={<IconAlertCircle />} title={title} className="breakable">
      <List size="sm">
        {issues.map(issue => (
          <List.Item key={pathName(issue.path)}>
            <code>{pathName(issue.path)}</code> {issue.message}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
