import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { Link } from 'react-router'

/** The head of every page: where it belongs, what it is, what can be done with it. */
export function Page(props: {
  title: string
  intro?: string
  back?: { to: string; label: string }
  /** Stands before the title, e.g. a logo. */
  mark?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  useEffect(() => {
    document.title = `${props.title} · Countersign`
  }, [props.title])
  return (
    <Stack gap="lg">
      <Stack gap={4}>
        {props.back && (
          <Anchor component={Link} to={props.back.to} size="sm" w="fit-content">
            <Group gap={4} wrap="nowrap">
              <IconArrowLeft size={16} aria-hidden />
              {props.back.label}
            </Group>
          </Anchor>
        )}
        <Group justify="space-between" gap="sm" align="center">
          <Group gap="sm" wrap="nowrap" miw={0}>
            {props.mark}
            <Stack gap={2} miw={0}>
              <Title order={1} size="h2" className="breakable">
                {props.title}
              </Title>
              {props.intro && <Text c="dimmed">{props.intro}</Text>}
            </Stack>
          </Group>
          {props.actions}
        </Group>
      </Stack>
      {props.children}
    </Stack>
  )
}
