import { type ConsoleState, consoleRoutes, type TestIdentity, testIdentityRoutes } from '@countersign/api'
import { Alert, Anchor, Badge, Button, Code, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconPlus, IconPower } from '@tabler/icons-react'
import { Link, useOutletContext } from 'react-router'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Dialog } from '../frame/dialog.tsx'
import { HiddenValue } from '../frame/hidden-value.tsx'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { Records } from '../frame/records.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'
import { TestIdentityEditor } from '../test-identity/editor.tsx'
import { shown } from '../test-identity/form.ts'

function Row({ identity, enabled }: { identity: TestIdentity; enabled: boolean }) {
  const { texts, date } = useSpeech()
  const label = texts.testIdentities
  const [opened, { open, close }] = useDisclosure()
  const remove = useChange(testIdentityRoutes.deleteTestIdentity, [
    testIdentityRoutes.listTestIdentities,
    consoleRoutes.getConsoleState,
  ])
  const value = shown(identity)
  const isOver = identity.expiresAt <= Date.now()
  const state = isOver ? label.isOver : enabled ? label.isActive : label.isOff
  return (
    <tr>
      <td data-label={label.value}>
        <Stack gap={2} className="breakable">
          <span className="any-letter">{value}</span>
          {identity.note !== null && (
            <Text size="sm" c="dimmed">
              {identity.note}
            </Text>
          )}
        </Stack>
      </td>
      <td data-label={label.code}>
        <HiddenValue value={identity.code} label={value} reveal={label.showCode(value)} />
      </td>
      <td data-label={label.user}>
        {identity.userId === null ? (
          '–'
        ) : (
          <Anchor component={Link} to={`/users/${identity.userId}`} inherit className="any-letter">
            {identity.userId}
          </Anchor>
        )}
      </td>
      <td data-label={label.ends} className="moment">
        {date(identity.expiresAt)}
      </td>
      <td data-label={label.state}>
        <Badge variant="light" color={!isOver && enabled ? 'red' : 'gray'} tt="none">
          {state}
        </Badge>
      </td>
      <td>
        <Group gap="xs">
          {enabled && (
            <Button variant="default" size="xs" onClick={open} aria-label={label.editNamed(value)}>
              {label.edit}
            </Button>
          )}
          <ConfirmButton
            label={isOver ? label.delete : label.end}
            title={isOver ? label.deleteTitle(value) : label.endTitle(value)}
            text={isOver ? label.deleteText : label.endText}
            confirm={isOver ? label.delete : label.end}
            button={{ size: 'xs' }}
            onConfirm={async () => {
              await remove.mutateAsync({ params: { id: identity.id } })
              notifications.show({ color: 'green', message: label.ended })
            }}
          />
        </Group>
        <Dialog opened={opened} onClose={close} title={label.editNamed(value)}>
          <TestIdentityEditor identity={identity} onDone={close} />
        </Dialog>
      </td>
    </tr>
  )
}

/** /test-identities: who gets in with a fixed code. */
export function TestIdentitiesPage() {
  const { texts } = useSpeech()
  const label = texts.testIdentities
  const { testIdentities } = useOutletContext<ConsoleState>()
  const enabled = testIdentities?.enabled ?? false
  const [opened, { open, close }] = useDisclosure()
  const query = useRoute(testIdentityRoutes.listTestIdentities)
  return (
    <Page
      title={label.title}
      intro={label.intro}
      actions={
        enabled && (
          <Button leftSection={<IconPlus size={16} />} onClick={open}>
            {label.add}
          </Button>
        )
      }
    >
      <Alert color="yellow" icon={<IconAlertTriangle />} title={label.warningTitle}>
        {label.warning}
      </Alert>
      {!enabled && (
        <Alert color="gray" icon={<IconPower />} title={label.off}>
          {label.offText}
          <Code>TEST_IDENTITIES=on</Code>
        </Alert>
      )}
      <Dialog opened={opened} onClose={close} title={label.add}>
        <TestIdentityEditor onDone={close} />
      </Dialog>
      <Loaded
        query={query}
        empty={{
          when: list => list.length === 0,
          show: <Empty title={label.empty} text={label.emptyText} />,
        }}
      >
        {identities => (
          <Records columns={[label.value, label.code, label.user, label.ends, label.state, label.edit]}>
            <tbody>
              {identities.map(identity => (
                <Row key={identity.id} identity={identity} enabled={enabled} />
              ))}
            </tbody>
          </Records>
        )}
      </Loaded>
    </Page>
  )
}
