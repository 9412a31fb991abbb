import { type Hook, hookRoutes } from '@countersign/api'
import { Badge, Tabs, Text } from '@mantine/core'
import { useParams, useSearchParams } from 'react-router'
import { Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { useSpeech } from '../language.tsx'
import { useFresh } from '../queries.ts'
import { WebhookDeliveries } from '../webhook/deliveries.tsx'
import { WebhookSettings } from '../webhook/settings.tsx'

function Detail({ hook }: { hook: Hook }) {
  const { texts } = useSpeech()
  const label = texts.webhook
  const [search, setSearch] = useSearchParams()
  const tab = search.get('tab') === 'deliveries' ? 'deliveries' : 'settings'
  const { successCount = 0, requestCount = 0 } = hook.executionStats ?? {}
  return (
    <Page
      title={hook.name || texts.webhooks.unnamed}
      back={{ to: '/webhooks', label: label.back }}
      actions={
        <Badge variant="light" color={hook.enabled ? 'green' : 'gray'} size="lg" tt="none">
          {hook.enabled ? texts.webhooks.enabled : texts.webhooks.disabled}
        </Badge>
      }
    >
      <Text size="sm" c="dimmed">
        {texts.webhooks.statistics}: {texts.webhooks.delivered(successCount, requestCount)}
      </Text>
      <Tabs
        value={tab}
        onChange={to => setSearch(to === 'deliveries' ? { tab: to } : {})}
        keepMounted={false}
      >
        <Tabs.List aria-label={label.tabs} mb="md">
          <Tabs.Tab value="settings">{label.settings}</Tabs.Tab>
          <Tabs.Tab value="deliveries">{label.deliveries}</Tabs.Tab>
        </Tabs.List>
        {/* Kept, so that what is half typed is not lost by a look at the deliveries. */}
        <Tabs.Panel value="settings" keepMounted>
          <WebhookSettings hook={hook} />
        </Tabs.Panel>
        <Tabs.Panel value="deliveries">
          <WebhookDeliveries hook={hook} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

/** /webhooks/:id: one webhook, and what it was told. */
export function WebhookPage() {
  const { id = '' } = useParams()
  const query = useFresh(hookRoutes.getHook, { params: { id }, query: { includeExecutionStats: 'true' } })
  return <Loaded query={query}>{hook => <Detail key={hook.id} hook={hook} />}</Loaded>
}
