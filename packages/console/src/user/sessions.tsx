import { applicationRoutes, type UserSession, userSessionRoutes } from '@countersign/api'
import { Checkbox, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Facts } from '../frame/facts.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'
import { deviceOf } from './device.ts'

function Session({ userId, session }: { userId: string; session: UserSession }) {
  const { texts, date, list } = useSpeech()
  const label = texts.user
  const [withGrants, setWithGrants] = useState(false)
  const { data: applications = [] } = useRoute(applicationRoutes.listApplications)
  const end = useChange(userSessionRoutes.deleteUserSession, [
    userSessionRoutes.listUserSessions,
    userSessionRoutes.listUserGrants,
  ])
  const { payload, lastSubmission, clientId, expiresAt } = session
  const { ip, userAgent } = lastSubmission?.signInContext ?? {}
  const clients = Object.keys(payload.authorizations ?? {})
  const names = (clients.length > 0 ? clients : clientId === null ? [] : [clientId]).map(
    id => applications.find(one => one.id === id)?.name ?? id,
  )
  const device = deviceOf(userAgent) ?? userAgent ?? label.unknownDevice
  return (
    <Stack component="article" gap="xs" aria-label={device} className="part">
      <Group justify="space-between" gap="xs">
        <Text fw={550} className="breakable">
          {device}
        </Text>
        <ConfirmButton
          label={label.endSession}
          title={label.endSessionTitle}
          text={label.endSessionText}
          confirm={label.endSession}
          button={{ size: 'xs' }}
          onConfirm={async () => {
            await end.mutateAsync({
              params: { userId, sessionId: payload.uid },
              query: withGrants ? { revokeGrantsTarget: 'all' } : {},
            })
            notifications.show({ color: 'green', message: label.sessionEnded })
          }}
        >
          <Checkbox
            label={label.endSessionGrants}
            checked={withGrants}
            onChange={event => setWithGrants(event.currentTarget.checked)}
          />
        </ConfirmButton>
      </Group>
      <Facts
        lines={[
          [label.since, date(payload.loginTs * 1000)],
          [label.ends, date(expiresAt)],
          [label.ip, ip ?? '–'],
          [label.applications, list(names) || '–'],
        ]}
      />
    </Stack>
  )
}

/** Where a user is signed in. */
export function Sessions({ userId }: { userId: string }) {
  const { texts } = useSpeech()
  const label = texts.user
  const query = useRoute(userSessionRoutes.listUserSessions, { params: { userId } })
  return (
    <Section title={label.sessions} text={label.sessionsText}>
      <Loaded
        query={query}
        empty={{
          when: ({ sessions }) => sessions.length === 0,
          show: <Text size="sm">{label.noSessions}</Text>,
        }}
      >
        {({ sessions }) =>
          sessions
            .toSorted((a, b) => b.payload.loginTs - a.payload.loginTs)
            .map(session => <Session key={session.payload.uid} userId={userId} session={session} />)
        }
      </Loaded>
    </Section>
  )
}
