import {
  type Application,
  type AuditLog,
  applicationRoutes,
  BACKCHANNEL_LOGOUT,
  logRoutes,
} from '@countersign/api'
import { Alert, Anchor, Checkbox, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { Link } from 'react-router'
import { readEntry } from '../audit/entry.ts'
import { logsAddress } from '../audit/filter.ts'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
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
  const { backchannelLogoutUri: _, ...others } = application.oidcClientMetadata
  const oidcClientMetadata = {
    ...others,
    ...(wanted !== '' && { backchannelLogoutUri: wanted }),
    backchannelLogoutSessionRequired: session,
  }
  const form = useFormErrors({
    labels: {
      'oidcClientMetadata.backchannelLogoutUri': label.address,
      'oidcClientMetadata.backchannelLogoutSessionRequired': label.session,
    },
    body: { takes: applicationRoutes.updateApplication.body, sent: { oidcClientMetadata } },
    error: update.error,
    values: {
      'oidcClientMetadata.backchannelLogoutUri': wanted,
      'oidcClientMetadata.backchannelLogoutSessionRequired': session,
    },
  })

  function save() {
    update.mutate(
      { params: { id: application.id }, body: { oidcClientMetadata } },
      { onSuccess: () => notifications.show({ color: 'green', message: texts.application.saved }) },
    )
  }

  return (
    <Section title={label.title}>
      <Form of={form} onSubmit={save}>
        <Stack>
          <TextInput
            {...form.field('oidcClientMetadata.backchannelLogoutUri')}
            description={label.addressHint}
            placeholder="https://example.com/backchannel-logout"
            value={address}
            onChange={event => setAddress(event.currentTarget.value)}
            type="url"
            spellCheck={false}
          />
          <Checkbox
            {...form.field('oidcClientMetadata.backchannelLogoutSessionRequired')}
            description={label.sessionHint}
            checked={session}
            onChange={event => setSession(event.currentTarget.checked)}
          />
          <SaveRow dirty={dirty} marked={form.isMarked} saving={update.isPending} />
        </Stack>
      </Form>
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
