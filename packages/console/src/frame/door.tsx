import { Card, Center, Group, Image, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { LanguageSwitch } from './language-switch.tsx'

/** The frame of the two pages before one is signed in. */
export function Door({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Countersign`
  }, [title])
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={420} gap="md">
        <Group justify="space-between">
          <Group gap="xs">
            <Image src="/mark.svg" w={28} h={28} alt="" />
            <Text fw={650} size="lg">
              Countersign
            </Text>
          </Group>
          <LanguageSwitch />
        </Group>
        <Card withBorder padding="xl" shadow="xs">
          <Stack gap="md">
            <Stack gap={4}>
              <Title order={1} size="h3">
                {title}
              </Title>
              {text && (
                <Text size="sm" c="dimmed">
                  {text}
                </Text>
              )}
            </Stack>
            {children}
          </Stack>
        </Card>
      </Stack>
    </Center>
  )
}
