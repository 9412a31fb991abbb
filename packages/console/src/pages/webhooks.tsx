import { type Hook, hookRoutes, shownAddress } from '@countersign/api'
import { Anchor, Badge, Button, Stack } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from 'react-router'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { PAGE_SIZE, Pages, Records, usePageNumber } from '../frame/records.tsx'
import { useSpeech } from '../language.tsx'
import { usePage } from '../queries.ts'
import { eventsOf } from '../webhook/form.ts'

function Row({ hook }: { hook: Hook }) {
  const { texts } = useSpeech()
  const label = texts.webhooks
  const [first, ...more] = eventsOf(hook)
  const { successCount = 0, requestCount = 0 } = hook.executionStats ?? {}
  return (
    <tr>
      <td data-label={label.name}>
        <Anchor component={Link} to={`/webhooks/${hook.id}`} fw={550} inherit className="any-letter">
          {hook.name || label.unnamed}
        </Anchor>
      </td>
      <td data-label={label.url} className="any-letter">
        {shownAddress(hook.config.url)}
      </td>
      <td data-label={label.events} className="breakable">
        {first === undefined ? '–' : more.length > 0 ? label.moreEvents(first, more.length) : first}
      </td>
      <td data-label={label.statistics}>{label.delivered(successCount, requestCount)}</td>
      <td data-label={label.state}>
        <Badge variant="light" color={hook.enabled ? 'green' : 'gray'} tt="none">
          {hook.enabled ? label.enabled : label.disabled}
        </Badge>
      </td>
    </tr>
  )
}

/** /webhooks: who is told when something happens. */
export function WebhooksPage() {
  const { texts } = useSpeech()
  const label = texts.webhooks
  const [page] = usePageNumber()
  const query = usePage(hookRoutes.listHooks, {
    query: { page: String(page), page_size: String(PAGE_SIZE), includeExecutionStats: 'true' },
  })
  const create = (
    <Button component={Link} to="/webhooks/new" leftSection={<IconPlus size={16} />}>
      {label.create}
    </Button>
  )
  return (
    <Page title={label.title} intro={label.intro} actions={create}>
      <Loaded
        query={query}
        empty={{
          when: list => list.total === 0,
          show: <Empty title={label.empty} text={label.emptyText} />,
        }}
      >
        {({ items, total }) => (
          <Stack>
            <Records columns={[label.name, label.url, label.events, label.statistics, label.state]}>
              <tbody>
                {items.map(hook => (
                  <Row key={hook.id} hook={hook} />
                ))}
              </tbody>
            </Records>
            <Pages total={total} />
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}
