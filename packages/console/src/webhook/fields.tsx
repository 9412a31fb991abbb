import type { HookEvent } from '@countersign/api'
import {
  ActionIcon,
  Button,
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useSpeech } from '../language.tsx'
import { EVENT_GROUPS, foreignEvents } from './events.ts'
import { type HeaderRow, headerField } from './form.ts'
import { ChooseForm, RobotFields } from './robot-fields.tsx'
import type { FieldsProps } from './use-webhook-errors.ts'

function Events({ form, errors, change }: FieldsProps) {
  const { texts } = useSpeech()
  const label = texts.webhook
  const eventTexts: Readonly<Record<string, string>> = label.eventTexts
  const foreign = foreignEvents(form.events)
  const groups: [name: string, events: readonly HookEvent[]][] = [
    ...Object.entries(EVENT_GROUPS).map(([name, events]): [string, readonly HookEvent[]] => [
      label.groups[name as keyof typeof EVENT_GROUPS],
      events,
    ]),
    ...(foreign.length > 0 ? [[label.groups.foreign, foreign] as [string, readonly HookEvent[]]] : []),
  ]
  return (
    <Checkbox.Group
      {...errors.group('events')}
      value={form.events}
      onChange={events => change({ events: events as HookEvent[] })}
    >
      <Stack gap="md" mt="xs">
        {groups.map(([name, events]) => (
          <Fieldset key={name} legend={name} p="sm">
            <Stack gap="xs">
              {events.map(event => (
                <Checkbox
                  key={event}
                  name="events"
                  value={event}
                  label={event}
                  description={eventTexts[event]}
                  className="breakable"
                />
              ))}
            </Stack>
          </Fieldset>
        ))}
      </Stack>
    </Checkbox.Group>
  )
}

function Headers({ form, errors, change }: FieldsProps) {
  const { texts } = useSpeech()
  const label = texts.webhook
  const rows = form.headers
  const set = (at: number, changes: Partial<HeaderRow>) =>
    change({ headers: rows.map((row, index) => (index === at ? { ...row, ...changes } : row)) })
  return (
    <Stack gap="xs">
      <div>
        <Text size="sm" fw={500}>
          {label.headers}
        </Text>
        <Text size="xs" c="dimmed">
          {label.headersText}
        </Text>
      </div>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <Group key={at} gap="xs" align="flex-start" wrap="nowrap">
          <Group gap="xs" flex={1} align="flex-start">
            <TextInput
              flex="1 1 10rem"
              name={headerField(at, 'name')}
              aria-label={label.headerName(at + 1)}
              placeholder="Authorization"
              value={row.name}
              onChange={event => set(at, { name: event.currentTarget.value })}
              error={errors.errorAt(headerField(at, 'name'))}
              spellCheck={false}
            />
            <TextInput
              flex="2 1 12rem"
              name={headerField(at, 'value')}
              aria-label={label.headerValue(at + 1)}
              error={errors.errorAt(headerField(at, 'value'))}
              value={row.value}
              onChange={event => set(at, { value: event.currentTarget.value })}
              spellCheck={false}
            />
          </Group>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="input-sm"
            aria-label={label.removeHeader(at + 1)}
            onClick={() => change({ headers: rows.filter((_, index) => index !== at) })}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        size="xs"
        w="fit-content"
        leftSection={<IconPlus size={14} />}
        onClick={() => change({ headers: [...rows, { name: '', value: '' }] })}
      >
        {label.addHeader}
      </Button>
    </Stack>
  )
}

/** What is said of a webhook: where to, when, with what. */
export function WebhookFields(props: FieldsProps) {
  const { form, errors, change } = props
  const { texts } = useSpeech()
  const label = texts.webhook
  return (
    <>
      <TextInput
        {...errors.field('name')}
        value={form.name}
        onChange={event => change({ name: event.currentTarget.value })}
        maxLength={256}
        required
      />
      <ChooseForm {...props} />
      {form.form === 'json' ? (
        <TextInput
          {...errors.field('url')}
          description={label.urlHint}
          type="url"
          placeholder="https://example.com/hooks"
          value={form.url}
          onChange={event => change({ url: event.currentTarget.value })}
          required
        />
      ) : (
        <RobotFields {...props} service={form.form} />
      )}
      <Switch
        label={label.enabled}
        description={label.enabledText}
        checked={form.enabled}
        onChange={event => change({ enabled: event.currentTarget.checked })}
      />
      <Events {...props} />
      {form.form === 'json' && <Headers {...props} />}
      <NativeSelect
        {...errors.field('retries')}
        description={form.form === 'json' ? label.retriesHint : texts.robots.retriesHint}
        maw={420}
        value={String(form.retries)}
        onChange={event => change({ retries: Number(event.currentTarget.value) })}
        data={['3', '2', '1', '0']}
      />
    </>
  )
}
