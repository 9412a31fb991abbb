import { ActionIcon, Code, CopyButton, Group, Stack, Text, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useSpeech } from '../language.tsx'

/** A button that puts a text on the clipboard and says that it did. */
export function Copy({ value, label }: { value: string; label: string }) {
  const { texts } = useSpeech()
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? texts.common.copied : texts.common.copy}>
          <ActionIcon
            variant="subtle"
            color={copied ? 'green' : 'gray'}
            onClick={copy}
            aria-label={copied ? texts.common.copied : `${texts.common.copy}: ${label}`}
          >
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** A name with a value that someone will want to paste elsewhere. */
export function CopyableValue({ label, value }: { label: string; value: string }) {
  return (
    <Stack gap={2}>
      <Text size="sm" fw={500}>
        {label}
      </Text>
      <Group gap={4} wrap="nowrap" align="center">
        <Code className="breakable" fz="sm">
          {value}
        </Code>
        <Copy value={value} label={label} />
      </Group>
    </Stack>
  )
}
