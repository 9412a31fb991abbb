import { Card, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

/** A titled card. */
export function Section(props: { title: string; text?: string; actions?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <Card component="section" aria-labelledby={id} withBorder padding="lg" style={{ overflow: 'visible' }}>
      <Stack gap="md">
        <Stack gap={2}>
          <Group justify="space-between" gap="xs">
            <Title id={id} order={2} size="h4">
              {props.title}
            </Title>
            {props.actions}
          </Group>
          {props.text && (
            <Text size="sm" c="dimmed">
              {props.text}
            </Text>
          )}
        </Stack>
        {props.children}
      </Stack>
    </Card>
  )
}
