import { SegmentedControl, Stack, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useSpeech } from '../language.tsx'
import { filled, type TemplateForm } from './form.ts'
import { harmlessDocument } from './harmless.ts'
import { textOf } from './text-of.ts'

interface PreviewProps {
  mail: Pick<TemplateForm, 'subject' | 'content' | 'kind'>
  /** The text for readers without HTML; left out, it is made from the content. */
  text?: string
}

/** What a reader would see, with made-up values. Nothing in it can run, load or leave. */
export function Preview({ mail: { subject, content, kind }, text }: PreviewProps) {
  const { texts } = useSpeech()
  const label = texts.emailTemplates
  const html = kind === 'text/html'
  const [face, setFace] = useState('html')
  const document = useMemo(
    () => (html ? harmlessDocument(filled(content, kind), label.picture) : undefined),
    [content, html, kind, label.picture],
  )
  const plain = useMemo(
    () => filled(text || (html ? textOf(content) : content), 'text/plain'),
    [text, html, content],
  )
  return (
    <Stack gap="xs">
      <Text fw={600} className="breakable">
        {filled(subject, 'text/plain') || '–'}
      </Text>
      {html && (
        <SegmentedControl
          aria-label={label.kind}
          size="xs"
          w="fit-content"
          value={face}
          onChange={setFace}
          data={[
            { value: 'html', label: label.html },
            { value: 'plain', label: label.plain },
          ]}
        />
      )}
      {document === undefined || face === 'plain' ? (
        <pre className="raw raw-whole">{plain}</pre>
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
        {html && face === 'plain' ? label.previewPlain : label.previewText}
      </Text>
    </Stack>
  )
}
