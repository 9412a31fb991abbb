import { type UserGrant, userSessionRoutes } from '@countersign/api'
import { Anchor, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link } from 'react-router'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Facts } from '../frame/facts.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'

function Grant({ userId, grant }: { userId: string; grant: UserGrant }) {
  const { texts, date } = useSpeech()
  const label = texts.user
  const revoke = useChange(userSessionRoutes.deleteUserGrant, [
    userSessionRoutes.listUserGrants,
    userSessionRoutes.listUserSessions,
  ])
  const { id, payload, application, expiresAt } = grant
  return (
    <Stack component="article" gap="xs" aria-label={application.name} className="part">
      <Group justify="space-between" gap="xs">
        <Anchor component={Link} to={`/applications/${application.id}`} fw={550} className="breakable">
          {application.name}
        </Anchor>
        <ConfirmButton
          label={label.revoke}
          title={label.revokeTitle(application.name)}
          text={label.revokeText}
          confirm={label.revoke}
          button={{ size: 'xs' }}
          onConfirm={async () => {
            await revoke.mutateAsync({ params: { userId, grantId: id } })
            notifications.show({ color: 'green', message: label.revoked })
          }}
        />
      </Group>
      <Facts
        lines={[
          [label.since, date(payload.iat * 1000)],
          [label.ends, date(expiresAt)],
          [label.scopes, payload.openid?.scope ?? '–'],
        ]}
      />
    </Stack>
  )
}

/** What a user let applications have. */
export function Grants({ userId }: { userId: string }) {
  const { texts } = useSpeech()
  const label = texts.user
  const query = useRoute(userSessionRoutes.listUserGrants, { params: { userId } })
  return (
    <Section title={label.grants} text={label.grantsText}>
      <Loaded
        query={query}
        empty={{
          when: ({ grants }) => grants.length === 0,
          show: <Text size="sm">{label.noGrants}</Text>,
        }}
      >
        {({ grants }) => grants.map(grant => <Grant key={grant.id} userId={userId} grant={grant} />)}
      </Loaded>
    </Section>
  )
}
