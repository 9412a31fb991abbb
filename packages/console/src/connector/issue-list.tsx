import { Alert, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'

/** What has to be mended, a sentence each, where the fields themselves are not in sight. */
export function IssueList({ title, sentences }: { title: string; sentences: readonly string[] }) {
  if (sentences.length === 0) return null
  return (
    <Alert color="red" icon={<IconAlertCircle />} title={title} className="breakable">
      {sentences.map(sentence => (
        <Text key={sentence} size="sm">
          {sentence}
        </Text>
      ))}
    </Alert>
  )
}
