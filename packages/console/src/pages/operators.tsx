import { type ConsoleState, type ListedOperator, type OperatorLink, operatorRoutes } from '@countersign/api'
import { Badge, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useOutletContext } from 'react-router'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Dialog } from '../frame/dialog.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { Records } from '../frame/records.tsx'
import { useSpeech } from '../language.tsx'
import { LinkDialog } from '../operator/link.tsx'
import { OwnPassword } from '../operator/own-password.tsx'
import { useChange, useRoute } from '../queries.ts'

const STALE = [operatorRoutes.listOperators]

function AddForm({ onAdded }: { onAdded(made: OperatorLink): void }) {
  const { texts } = useSpeech()
  const label = texts.operators
  const [name, setName] = useState('')
  const add = useChange(operatorRoutes.addOperator, STALE)

  const form = useFormErrors({
    labels: { name: label.name },
    mistakes: { name: name.trim() === '' ? texts.form.empty(label.name) : undefined },
    error: add.error,
    values: { name },
  })

  function submit() {
    add.mutate({ body: { name: name.trim() } }, { onSuccess: onAdded })
  }

  return (
    <Form of={form} onSubmit={submit}>
      <Stack>
        <Text size="sm">{label.addText}</Text>
        <TextInput
          {...form.field('name')}
          description={label.nameHint}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          maxLength={128}
          autoComplete="off"
          required
          withAsterisk={false}
          data-autofocus
        />
        <Button type="submit" loading={add.isPending}>
          {label.add}
        </Button>
      </Stack>
    </Form>
  )
}

function State({ one }: { one: ListedOperator }) {
  const { texts, date } = useSpeech()
  const label = texts.operators
  if (one.state === 'active')
    return (
      <Badge variant="light" color="green" tt="none">
        {label.active}
      </Badge>
    )
  return (
    <Stack gap={2} align="flex-start">
      <Badge variant="light" color="yellow" tt="none">
        {one.lastSignInAt === null ? label.invited : label.noPassword}
      </Badge>
      <Text size="sm" c="dimmed">
        {one.linkEndsAt === null ? label.linkOver : label.linkUntil(date(one.linkEndsAt))}
      </Text>
    </Stack>
  )
}

function Actions({ one, onLink }: { one: ListedOperator; onLink(made: OperatorLink): void }) {
  const { texts } = useSpeech()
  const label = texts.operators
  const remove = useChange(operatorRoutes.removeOperator, STALE)
  const reset = useChange(operatorRoutes.resetOperator, STALE)
  const params = { id: one.id }
  const isInvited = one.state === 'invited'
  return (
    <Group gap="xs">
      <ConfirmButton
        // One for each state: what it asks must not change while its window closes.
        key={one.state}
        label={isInvited ? label.newLink : label.reset}
        title={isInvited ? label.newLinkFor(one.name) : label.resetTitle(one.name)}
        text={isInvited ? label.newLinkText : label.resetText}
        confirm={isInvited ? label.newLink : label.reset}
        button={{
          size: 'xs',
          // An invited one loses nothing by it.
          ...(isInvited && { c: 'var(--mantine-color-text)' }),
          'aria-label': isInvited ? label.newLinkFor(one.name) : label.resetNamed(one.name),
        }}
        onConfirm={async () => onLink(await reset.mutateAsync({ params }))}
      />
      <ConfirmButton
        label={label.remove}
        title={label.removeTitle(one.name)}
        text={label.removeText}
        confirm={label.remove}
        button={{ size: 'xs', 'aria-label': label.removeNamed(one.name) }}
        onConfirm={async () => {
          await remove.mutateAsync({ params })
          notifications.show({ color: 'green', message: label.removed })
        }}
      />
    </Group>
  )
}

/** /operators: who may use the console, and the own password. */
export function OperatorsPage() {
  const { texts, date } = useSpeech()
  const label = texts.operators
  const { operator } = useOutletContext<ConsoleState>()
  const [opened, { open, close }] = useDisclosure()
  const [made, setMade] = useState<OperatorLink>()
  const [shown, { open: show, close: hide }] = useDisclosure()
  const query = useRoute(operatorRoutes.listOperators)
  function showLink(link: OperatorLink) {
    setMade(link)
    show()
  }
  return (
    <Page
      title={label.title}
      intro={label.intro}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={open}>
          {label.add}
        </Button>
      }
    >
      <Dialog opened={opened} onClose={close} title={label.add}>
        <AddForm
          onAdded={link => {
            close()
            showLink(link)
          }}
        />
      </Dialog>
      <LinkDialog made={made} opened={shown} onClose={hide} onClosed={() => setMade(undefined)} />
      <Loaded query={query}>
        {operators => (
          <Records columns={[label.name, label.state, label.created, label.lastSignIn, label.actions]}>
            <tbody>
              {operators.map(one => (
                <tr key={one.id}>
                  <td data-label={label.name}>
                    <div>
                      <span className="any-letter">{one.name}</span>
                      {one.id === operator?.id && (
                        <Text span size="sm" c="dimmed">
                          {' '}
                          ({label.you})
                        </Text>
                      )}
                    </div>
                  </td>
                  <td data-label={label.state}>
                    <State one={one} />
                  </td>
                  <td data-label={label.created} className="moment">
                    {date(one.createdAt)}
                  </td>
                  <td data-label={label.lastSignIn} className="moment">
                    {one.lastSignInAt === null ? texts.common.never : date(one.lastSignInAt)}
                  </td>
                  <td>{one.id !== operator?.id && <Actions one={one} onLink={showLink} />}</td>
                </tr>
              ))}
            </tbody>
          </Records>
        )}
      </Loaded>
      <OwnPassword name={operator?.name ?? ''} />
    </Page>
  )
}
