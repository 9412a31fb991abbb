import { Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useSpeech } from '../language.tsx'
import { filled, type TemplateForm } from './form.ts'
import { harmlessDocument } from './harmless.ts'

/** What a reader would see, with made-up values. Nothing in it can run, load or leave. */
export function Preview({ form }: { form: TemplateForm }) {
  const { texts } = useSpeech()
  const label = texts.emailTemplates
  const content = filled(form.content, form.kind)
  const document = useMemo(
    () => (form.kind === 'text/html' ? harmlessDocument(content, label.picture) : undefined),
    [content, form.kind, label.picture],
  )
  return (
    <Stack gap="xs">
      <Text fw={600} className="breakable">
        {filled(form.subject, 'text/plain') || '–'}
      </Text>
      {document === undefined ? (
        <pre className="raw raw-whole">{content}</pre>
      ) : (
        <iframe
          className="mail"
          sandbox=""
          referrerPolicy="no-referrer"
          title={label.preview}
          srcDoc={document}
        />
      )}
      <Text size="sm" c="dimmed">
        {label.previewText}
      </Text>
    </Stack>
  )
}
