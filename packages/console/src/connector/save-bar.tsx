import type { CatalogEntry } from '@countersign/api'
import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconArrowsExchange } from '@tabler/icons-react'
import { useSpeech } from '../language.tsx'

interface SaveBarProps {
  /** What it says on the button. */
  label: string
  /** What is edited is off, and may stay so. */
  off: boolean
  other: CatalogEntry | undefined
  /** Why it cannot be saved as it is. */
  refusal: string | undefined
  dirty: boolean
  saving: boolean
  onSave(use?: 'and use it'): void
}

/** Saves, and says what comes of it. */
export function SaveBar({ label, off, other, refusal, dirty, saving, onSave }: SaveBarProps) {
  const { texts, pick } = useSpeech()
  return (
    <Paper withBorder shadow="sm" p="sm" className="save-bar">
      <Stack gap="sm">
        {other && (
          <Group gap="xs" wrap="nowrap" c="light-dark(#8a5a00, #f0c46c)">
            <IconArrowsExchange size={18} aria-hidden style={{ flexShrink: 0 }} />
            <Text size="sm">
              {off
                ? texts.connector.usingBeside(pick(other.name))
                : texts.connector.switchesOff(pick(other.name))}
            </Text>
          </Group>
        )}
        <Group justify="space-between" gap="xs">
          <Text size="sm" c={refusal ? 'red' : 'dimmed'} role="status" flex="1 1 12rem">
            {refusal || (dirty && texts.common.unsaved)}
          </Text>
          {off && (
            <Button variant="default" onClick={() => onSave()} loading={saving}>
              {texts.connector.saveOff}
            </Button>
          )}
          <Button onClick={() => onSave(off ? 'and use it' : undefined)} loading={saving}>
            {label}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
