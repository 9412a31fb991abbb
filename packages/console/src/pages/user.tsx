import { type User, userRoutes, userSessionRoutes } from '@countersign/api'
import { Anchor, Badge, Button, Checkbox, Group, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconBan, IconKey, IconPlayerPlay, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { logsAddress } from '../audit/filter.ts'
import { deliveriesAddress } from '../delivery/filter.ts'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { ConfirmButton } from '../frame/confirm.tsx'
import { CopyableValue } from '../frame/copyable.tsx'
import { Dialog } from '../frame/dialog.tsx'
import { Facts, type Line } from '../frame/facts.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { Problem } from '../frame/problem.tsx'
import { SecretInput } from '../frame/secret-input.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'
import { Grants } from '../user/grants.tsx'
import { Sessions } from '../user/sessions.tsx'
import { titleOf } from './users.tsx'

const STALE = [userRoutes.getUser, userRoutes.listUsers]
const said = (message: string) => notifications.show({ color: 'green', message })

function PasswordForm({ user, onDone }: { user: User; onDone(): void }) {
  const { texts } = useSpeech()
  const [password, setPassword] = useState('')
  const [endSessions, setEndSessions] = useState(true)
  const change = useChange(userRoutes.setUserPassword, [
    ...STALE,
    userSessionRoutes.listUserSessions,
    userSessionRoutes.listUserGrants,
  ])
  const form = useFormErrors({
    labels: { password: texts.user.newPassword },
    mistakes: { password: password === '' ? texts.form.empty(texts.user.newPassword) : undefined },
    error: change.error,
    values: { password },
  })

  function submit() {
    change.mutate(
      { params: { userId: user.id }, body: { password, endSessions } },
      {
        onSuccess: () => {
          onDone()
          said(texts.user.passwordSaved)
        },
      },
    )
  }

  return (
    <Form of={form} onSubmit={submit}>
      <Stack>
        <SecretInput
          {...form.field('password')}
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
          autoComplete="new-password"
          required
          data-autofocus
        />
        <Checkbox
          label={texts.user.passwordEndsSessions}
          description={texts.user.passwordEndsSessionsText}
          checked={endSessions}
          onChange={event => setEndSessions(event.currentTarget.checked)}
        />
        <Button type="submit" loading={change.isPending}>
          {texts.user.setPassword}
        </Button>
      </Stack>
    </Form>
  )
}

function SetPassword({ user }: { user: User }) {
  const { texts } = useSpeech()
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="default" leftSection={<IconKey size={16} />} onClick={open}>
        {texts.user.setPassword}
      </Button>
      <Dialog opened={opened} onClose={close} title={texts.user.setPassword}>
        <PasswordForm user={user} onDone={close} />
      </Dialog>
    </>
  )
}

function Actions({ user }: { user: User }) {
  const { texts } = useSpeech()
  const navigate = useNavigate()
  const suspend = useChange(userRoutes.suspendUser, STALE)
  const remove = useChange(userRoutes.deleteUser, [userRoutes.listUsers])
  const params = { userId: user.id }
  return (
    <Stack>
      <Group gap="xs">
        <SetPassword user={user} />
        {user.isSuspended ? (
          <Button
            variant="default"
            leftSection={<IconPlayerPlay size={16} />}
            loading={suspend.isPending}
            onClick={() =>
              suspend.mutate(
                { params, body: { isSuspended: false } },
                { onSuccess: () => said(texts.user.resumed) },
              )
            }
          >
            {texts.user.resume}
          </Button>
        ) : (
          <ConfirmButton
            label={texts.user.suspend}
            icon={<IconBan size={16} />}
            title={texts.user.suspendTitle}
            text={texts.user.suspendText}
            confirm={texts.user.suspend}
            onConfirm={async () => {
              await suspend.mutateAsync({ params, body: { isSuspended: true } })
              said(texts.user.suspended)
            }}
          />
        )}
        <ConfirmButton
          label={texts.user.delete}
          icon={<IconTrash size={16} />}
          title={texts.user.deleteTitle}
          text={texts.user.deleteText}
          onConfirm={async () => {
            await remove.mutateAsync({ params })
            said(texts.user.deleted)
            void navigate('/users')
          }}
        />
      </Group>
      <Problem error={suspend.error} />
    </Stack>
  )
}

function Detail({ user }: { user: User }) {
  const { texts, date } = useSpeech()
  const lines: Line[] = [
    [texts.users.phone, user.primaryPhone === null ? '–' : `+${user.primaryPhone}`],
    [texts.users.email, user.primaryEmail ?? '–'],
    [texts.users.username, user.username ?? '–'],
    [texts.user.hasPassword, user.hasPassword ? texts.user.passwordSet : texts.user.passwordNotSet],
    [texts.users.created, date(user.createdAt)],
    [texts.users.lastSignIn, user.lastSignInAt === null ? texts.common.never : date(user.lastSignInAt)],
  ]
  const recipients = [
    [texts.deliveries.toPhone, user.primaryPhone && `+${user.primaryPhone}`],
    [texts.deliveries.toEmail, user.primaryEmail],
  ].filter((each): each is [string, string] => Boolean(each[1]))
  return (
    <Page
      title={titleOf(user)}
      back={{ to: '/users', label: texts.user.back }}
      actions={
        <Badge variant="light" color={user.isSuspended ? 'red' : 'green'} size="lg" tt="none">
          {user.isSuspended ? texts.users.suspended : texts.users.active}
        </Badge>
      }
    >
      <Section title={texts.users.user}>
        <Facts lines={lines} />
        <CopyableValue label={texts.user.id} value={user.id} />
        <Anchor component={Link} to={logsAddress({ user: user.id })} size="sm" w="fit-content">
          {texts.logs.ofUser}
        </Anchor>
        {recipients.map(([label, recipient]) => (
          <Anchor
            key={label}
            component={Link}
            to={deliveriesAddress({ recipient })}
            size="sm"
            w="fit-content"
          >
            {label}
          </Anchor>
        ))}
      </Section>
      <Sessions userId={user.id} />
      <Grants userId={user.id} />
      <Actions user={user} />
    </Page>
  )
}

/** /users/:id: one user. */
export function UserPage() {
  const { id = '' } = useParams()
  const query = useRoute(userRoutes.getUser, { params: { userId: id } })
  return <Loaded query={query}>{user => <Detail key={user.id} user={user} />}</Loaded>
}
