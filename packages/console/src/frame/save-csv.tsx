import { Button, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useSpeech } from '../language.tsx'

/** Saves what the page shows as a table in CSV. */
export function SaveCsv({ href, bound }: { href: string; bound?: string }) {
  const { texts } = useSpeech()
  return (
    <Stack gap={2} align="flex-start">
      <Button
        component="a"
        href={href}
        download
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        {texts.common.csv}
      </Button>
      {bound && (
        <Text size="xs" c="dimmed">
          {bound}
        </Text>
      )}
    </Stack>
  )
}
