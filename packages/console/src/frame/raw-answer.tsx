import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSpeech } from '../language.tsx'

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

/** What only some want to see: a title that unfolds it. */
export function Folded({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details>
      <summary style={{ cursor: 'pointer', fontSize: 'var(--mantine-font-size-sm)' }}>{title}</summary>
      {children}
    </details>
  )
}

/** What the provider answered, word for word, folded away until asked for. */
export function RawAnswer({ answer }: { answer: { status?: number; body?: string } }) {
  const { texts } = useSpeech()
  return (
    <Folded title={texts.test.answer}>
      <Stack gap={4} mt="xs">
        {answer.status !== undefined && (
          <Text size="xs" c="dimmed">
            {texts.test.status(answer.status)}
          </Text>
        )}
        <pre className="raw">{answer.body ? pretty(answer.body) : texts.test.empty}</pre>
      </Stack>
    </Folded>
  )
}
