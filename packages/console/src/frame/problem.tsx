import { Alert, Button, List, Stack, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { ApiError, issuesOf, sentenceOf } from '../api-error.ts'
import { useSpeech } from '../language.tsx'

const scrollTo = (notice: HTMLElement | null) => notice?.scrollIntoView({ block: 'center' })

/** An error as a notice: the sentence, and each member that the server complains about. */
export function Problem(props: {
  error: unknown
  title?: string
  retry?: () => void
  /** Scrolls to the notice when it appears, for one that may be out of sight. */
  reveal?: boolean
  children?: ReactNode
}) {
  const { texts } = useSpeech()
  useEffect(() => {
    if (props.error && !(props.error instanceof ApiError)) console.error(props.error)
  }, [props.error])
  if (!props.error) return null
  const issues = issuesOf(props.error)
  return (
    <Alert
      ref={props.reveal ? scrollTo : undefined}
      color="red"
      icon={<IconAlertCircle />}
      title={props.title ?? texts.errors.title}
      className="breakable"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{sentenceOf(props.error, texts.errors)}</Text>
        {issues.length > 0 && (
          <List size="sm">
            {issues.map(issue => (
              <List.Item key={`${issue.path.join('.')} ${issue.message}`}>
                {issue.path.length > 0 && <code>{issue.path.join('.')}</code>} {issue.message}
              </List.Item>
            ))}
          </List>
        )}
        {props.children}
        {props.retry && (
          <Button size="xs" variant="light" color="red" onClick={props.retry}>
            {texts.common.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
