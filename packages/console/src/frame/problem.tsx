import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { ApiError } from '../api-error.ts'
import { sentencesOf } from '../form/place-issues.ts'
import { useSpeech } from '../language.tsx'

const scrollTo = (notice: HTMLElement | null) => {
  notice?.scrollIntoView({ block: 'center' })
}

/** An error as a notice, for what is no form: its sentence, and what the server says of each value. */
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
  const sentences = sentencesOf(props.error, texts)
  return (
    <Alert
      ref={props.reveal ? scrollTo : undefined}
      color="red"
      icon={<IconAlertCircle />}
      title={props.title ?? texts.errors.title}
      className="breakable"
    >
      <Stack gap="xs" align="flex-start">
        {sentences.map(sentence => (
          <Text key={sentence} size="sm">
            {sentence}
          </Text>
        ))}
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
