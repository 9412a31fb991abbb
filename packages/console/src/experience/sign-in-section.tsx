import { ActionIcon, Badge, Card, Checkbox, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { IconArrowUp } from '@tabler/icons-react'
import { flushSync } from 'react-dom'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import type { MethodRow } from './form.ts'
import { MissingConnector } from './missing-connector.tsx'
import type { SectionProps } from './section-props.ts'

function Method(props: {
  row: MethodRow
  missing: readonly ('sms' | 'email')[]
  onChange: (changes: Partial<MethodRow>) => void
  onMoveUp?: () => void
}) {
  const { texts } = useSpeech()
  const { row, onChange, onMoveUp } = props
  const name = texts.experience[row.identifier]
  return (
    <Card component="fieldset" withBorder padding="sm" m={0} aria-label={name}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" mih={28}>
          <Group gap="xs">
            <Text fw={550}>{name}</Text>
            {!row.code && !row.password && (
              <Badge color="gray" variant="light" tt="none">
                {texts.experience.off}
              </Badge>
            )}
          </Group>
          {onMoveUp && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={texts.experience.moveUp(name)}
              onClick={event => {
                const card = event.currentTarget.closest('fieldset')
                flushSync(onMoveUp)
                // The row that moves loses the focus, and at the top it has no such button any more.
                card?.querySelector<HTMLElement>('button, input')?.focus()
              }}
            >
              <IconArrowUp size={18} />
            </ActionIcon>
          )}
        </Group>
        <Group gap="lg">
          {row.identifier !== 'username' && (
            <Checkbox
              label={texts.experience.code}
              checked={row.code}
              onChange={event => onChange({ code: event.currentTarget.checked })}
            />
          )}
          <Checkbox
            label={texts.experience.password}
            checked={row.password}
            onChange={event => onChange({ password: event.currentTarget.checked })}
          />
        </Group>
        {row.code && row.password && (
          <NativeSelect
            label={texts.experience.first}
            maw={240}
            value={row.first}
            onChange={event => onChange({ first: event.currentTarget.value as MethodRow['first'] })}
            data={[
              { value: 'code', label: texts.experience.code },
              { value: 'password', label: texts.experience.password },
            ]}
          />
        )}
        <MissingConnector channels={props.missing} />
      </Stack>
    </Card>
  )
}

/** By which ways users come in, in the order in which the sign-in page offers them. */
export function SignInSection({ form, has, change, problem }: SectionProps) {
  const { texts } = useSpeech()
  const { methods } = form
  const missing = (row: MethodRow) => {
    const channel = row.identifier === 'phone' ? 'sms' : 'email'
    return row.code && !has[channel] ? ([channel] as const) : []
  }
  return (
    <Section title={texts.experience.signIn} text={texts.experience.signInText}>
      {methods.every(row => !row.code && !row.password) && (
        <Text size="sm" c="light-dark(#8a5a00, #f0c46c)">
          {texts.experience.noMethod}
        </Text>
      )}
      {methods.map((row, index) => (
        <Method
          key={row.identifier}
          row={row}
          missing={missing(row)}
          onChange={changes => change({ methods: methods.with(index, { ...row, ...changes }) })}
          onMoveUp={
            index === 0
              ? undefined
              : () => change({ methods: methods.toSpliced(index, 1).toSpliced(index - 1, 0, row) })
          }
        />
      ))}
      {problem}
    </Section>
  )
}
