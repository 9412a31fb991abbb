import { Card, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Preview } from '../email-template/preview.tsx'
import { useSpeech } from '../language.tsx'

interface MailCardProps {
  row: Record<string, unknown>
  /** Names the card. */
  label: string
  /** Something is wrong in it. */
  wanted: boolean
  /** It is open from the start. */
  first: boolean
  children: ReactNode
}

const said = (value: unknown) => (typeof value === 'string' ? value : '')

/** An e-mail of a connector, folded to its subject: a new connection begins with eight of them. */
export function MailCard({ row, label, wanted, first, children }: MailCardProps) {
  const { texts } = useSpeech()
  const [open, setOpen] = useState(first || wanted)
  const [before, setBefore] = useState(wanted)
  if (wanted !== before) {
    setBefore(wanted)
    if (wanted) setOpen(true)
  }
  const subject = said(row.subject)
  return (
    <Card component="fieldset" withBorder padding="sm" m={0} aria-label={label}>
      <details open={open} onToggle={event => setOpen(event.currentTarget.open)} className="mail-card">
        <summary>
          <span>
            {said(row.usageType)} · {said(row.locale) || texts.connector.allLanguages}
          </span>
          <Text size="sm" c="dimmed" className="breakable">
            {subject || '–'}
          </Text>
        </summary>
        {open && (
          <Stack gap="xs" mt="sm">
            {children}
            <Text size="sm" fw={500} mt="xs">
              {texts.emailTemplates.preview}
            </Text>
            <Preview
              mail={{ subject, content: said(row.content), kind: 'text/html' }}
              text={said(row.text)}
            />
          </Stack>
        )}
      </details>
    </Card>
  )
}
