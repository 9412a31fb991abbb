import { HOOK_EVENTS, type Hook, type HookLog, hookRoutes } from '@countersign/api'
import { Badge, Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconRepeat } from '@tabler/icons-react'
import { useSearchParams } from 'react-router'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Problem } from '../frame/problem.tsx'
import { Folded } from '../frame/raw-answer.tsx'
import { PAGE_SIZE, Pages, Records, usePageNumber } from '../frame/records.tsx'
import { UnfoldingRow } from '../frame/unfolding.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, usePage } from '../queries.ts'
import { Failure } from './failure.tsx'

const PREFIX = 'TriggerHook.'

/** The sentences that a robot wrote. */
const sentencesIn = (body: Record<string, unknown>, isRobot: boolean): string | undefined =>
  isRobot && typeof body.text === 'string' ? body.text : undefined

const written = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body, null, 2))

function Raw({ title, text }: { title: string; text: string }) {
  return (
    <Folded title={title}>
      <pre className="raw raw-whole">{text}</pre>
    </Folded>
  )
}

function Delivery({ hook, log }: { hook: Hook; log: HookLog }) {
  const { texts, date } = useSpeech()
  const label = texts.webhook
  const again = useChange(hookRoutes.redeliverHookEvent, [hookRoutes.listHookLogs])
  const { result, response, error, hookRequest, failure, note } = log.payload
  const sentences = sentencesIn(hookRequest.body, hook.config.robot !== undefined)
  const event = log.key.replace(PREFIX, '')
  return (
    <UnfoldingRow
      label={label.details}
      cells={[
        <td key="when" data-label={label.when} className="moment">
          {date(log.createdAt)}
        </td>,
        <td key="event" data-label={label.event} className="breakable">
          {event}
        </td>,
        <td key="result" data-label={label.result}>
          <Stack gap={4} align="flex-start">
            <Badge variant="light" color={result === 'Success' ? 'green' : 'red'} tt="none">
              {result === 'Success' ? label.success : label.failure}
            </Badge>
            {response && (
              <Text size="sm" c="dimmed">
                {failure ? texts.robots.kinds[failure.kind] : label.status(response.statusCode)}
              </Text>
            )}
            {note && (
              <Text size="sm" c="dimmed">
                {texts.robots.notes[note]}
              </Text>
            )}
          </Stack>
        </td>,
      ]}
    >
      <Stack gap="xs" className="breakable" w="100%">
        {failure ? <Failure of={failure} /> : error !== undefined && <Text size="sm">{error}</Text>}
        <Raw
          title={sentences === undefined ? label.request : texts.robots.sent}
          text={sentences ?? written(hookRequest.body)}
        />
        {response && <Raw title={label.response} text={written(response.body) || label.emptyAnswer} />}
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          leftSection={<IconRepeat size={14} />}
          loading={again.isPending}
          onClick={() =>
            again.mutate(
              { params: { id: hook.id, logId: log.id } },
              { onSuccess: () => notifications.show({ color: 'green', message: label.againDone }) },
            )
          }
        >
          {label.again}
        </Button>
        <Problem error={again.error} />
      </Stack>
    </UnfoldingRow>
  )
}

/** What a webhook was told, and what its receiver answered. */
export function WebhookDeliveries({ hook }: { hook: Hook }) {
  const { texts } = useSpeech()
  const label = texts.webhook
  const [search, setSearch] = useSearchParams()
  const [page] = usePageNumber()
  const event = search.get('event') ?? ''
  const everything = search.get('range') === 'all'
  const query = usePage(hookRoutes.listHookLogs, {
    params: { id: hook.id },
    query: {
      page: String(page),
      page_size: String(PAGE_SIZE),
      enableCap: 'true',
      ...(event !== '' && { logKey: PREFIX + event }),
      // Without a bound the server answers the last day.
      ...(everything && { start_time: '0' }),
    },
    // Someone who had it sent again waits for the outcome.
    every: 5,
  })

  const choose = (name: string, value: string) =>
    setSearch(before => {
      const after = new URLSearchParams(before)
      after.delete('page')
      if (value === '') after.delete(name)
      else after.set(name, value)
      return after
    })

  return (
    <Stack>
      <Group align="flex-end" gap="sm">
        <NativeSelect
          flex="1 1 12rem"
          maw={320}
          label={label.event}
          value={event}
          onChange={change => choose('event', change.currentTarget.value)}
          data={[
            { value: '', label: label.anyEvent },
            ...HOOK_EVENTS.map(value => ({ value, label: value as string })),
          ]}
        />
        <NativeSelect
          flex="1 1 12rem"
          maw={320}
          label={label.range}
          value={everything ? 'all' : ''}
          onChange={change => choose('range', change.currentTarget.value)}
          data={[
            { value: '', label: label.lastDay },
            { value: 'all', label: label.everything },
          ]}
        />
      </Group>
      <Loaded
        query={query}
        empty={{
          when: list => list.total === 0,
          show: <Empty title={label.noDeliveries} text={label.noDeliveriesText} />,
        }}
      >
        {({ items, total }) => (
          <Stack>
            <Records columns={[label.when, label.event, label.result, label.details]}>
              {items.map(log => (
                <Delivery key={log.id} hook={hook} log={log} />
              ))}
            </Records>
            <Pages total={total} />
          </Stack>
        )}
      </Loaded>
    </Stack>
  )
}
