import { Stack, Text } from '@mantine/core'
import { useSpeech } from '../language.tsx'

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

/** What the provider answered, word for word, folded away until asked for. */
export function RawAnswer({ answer }: { answer: { status?: number; body?: string } }) {
  const { texts } = useSpeech()
  return (
    <details>
      <summary style={{ cursor: 'pointer', fontSize: 'var(--mantine-font-size-sm)' }}>
        {texts.test.answer}
      </summary>
      <Stack gap={4} mt="xs">
        {answer.status !== undefined && (
          <Text size="xs" c="dimmed">
            {texts.test.status(answer.status)}
          </Text>
        )}
        <pre className="raw">{answer.body ? pretty(answer.body) : texts.test.empty}</pre>
      </Stack>
    </details>
  )
}
