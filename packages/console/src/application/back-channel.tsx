import {
  type Application,
  type AuditLog,
  applicationRoutes,
  BACKCHANNEL_LOGOUT,
  logRoutes,
} from '@countersign/api'
import { Alert, Anchor, Checkbox, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { Link } from 'react-router'
import { issuesOf } from '../api-error.ts'
import { readEntry } from '../audit/entry.ts'
import { logsAddress } from '../audit/filter.ts'
import { Problem } from '../frame/problem.tsx'
import { Section } from '../frame/section.tsx'
import { SaveRow, UnsavedQuestion, useUnsavedGuard } from '../frame/unsaved.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'
import { readDelivery } from './delivery.ts'

/** What became of the newest logout token. */
function LastDelivery({ entry }: { entry: AuditLog }) {
  const { texts, exact } = useSpeech()
  const label = texts.backChannel
  const { reason, status } = readDelivery(entry)
  const told = readEntry(entry)
  if (!told.failed)
    return (
      <Text size="sm" c="dimmed">
        {label.heard(exact(entry.createdAt))}
      </Text>
    )
  return (
    <Alert color="red" title={label.notHeard(exact(entry.createdAt))}>
      <Text size="sm">
        {reason === undefined ? told.error?.message : label.reasons[reason]}
        {status !== undefined && ` ${label.status(status)}`}
      </Text>
      <Anchor component={Link} to={`/logs/${entry.id}`} size="sm">
        {label.entry}
      </Anchor>
    </Alert>
  )
}

/** Where an application hears that somebody signed out, and whether it does. */
export function BackChannel({ application }: { application: Application }) {
  const { texts } = useSpeech()
  const label = texts.backChannel
  const { backchannelLogoutUri = '', backchannelLogoutSessionRequired = false } =
    application.oidcClientMetadata
  const [address, setAddress] = useState(backchannelLogoutUri)
  const [session, setSession] = useState(backchannelLogoutSessionRequired)
  const update = useChange(applicationRoutes.updateApplication, [applicationRoutes.getApplication])
  const { data: entries = [] } = useRoute(logRoutes.listLogs, {
    query: { applicationId: application.id, logKey: BACKCHANNEL_LOGOUT, page: '1', page_size: '1' },
  })
  const wanted = address.trim()
  const dirty = wanted !== backchannelLogoutUri || session !== backchannelLogoutSessionRequired
  const guard = useUnsavedGuard(dirty)
  const issue = issuesOf(update.error).find(({ path }) => path.includes('backchannelLogoutUri'))

  function save(event: FormEvent) {
    event.preventDefault()
    const { backchannelLogoutUri: _, ...rest } = application.oidcClientMetadata
    const oidcClientMetadata = {
      ...rest,
      ...(wanted !== '' && { backchannelLogoutUri: wanted }),
      backchannelLogoutSessionRequired: session,
    }
    update.mutate(
      { params: { id: application.id }, body: { oidcClientMetadata } },
      { onSuccess: () => notifications.show({ color: 'green', message: texts.application.saved }) },
    )
  }

  return (
    <Section title={label.title}>
      <form onSubmit={save}>
        <Stack>
          <TextInput
            label={label.address}
            description={label.addressHint}
            placeholder="https://example.com/backchannel-logout"
            value={address}
            onChange={event => setAddress(event.currentTarget.value)}
            error={issue?.message}
            type="url"
            spellCheck={false}
          />
          <Checkbox
            label={label.session}
            description={label.sessionHint}
            checked={session}
            onChange={event => setSession(event.currentTarget.checked)}
          />
          <Problem error={update.error} />
          <SaveRow dirty={dirty} saving={update.isPending} />
        </Stack>
      </form>
      {entries.map(entry => (
        <LastDelivery key={entry.id} entry={entry} />
      ))}
      {entries.length > 0 && (
        <Anchor
          component={Link}
          to={logsAddress({ application: application.id, key: BACKCHANNEL_LOGOUT })}
          size="sm"
          w="fit-content"
        >
          {label.all}
        </Anchor>
      )}
      <UnsavedQuestion blocker={guard.blocker} />
    </Section>
  )
}
