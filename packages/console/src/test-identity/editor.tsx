import {
  consoleRoutes,
  LONGEST_TEST_IDENTITY_DAYS,
  type TestIdentity,
  testIdentityRoutes,
} from '@countersign/api'
import { Alert, Anchor, Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconUser } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { ApiError } from '../api-error.ts'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { mistakesOf, toBody, toChange, toForm } from './form.ts'

const STALE = [testIdentityRoutes.listTestIdentities, consoleRoutes.getConsoleState]

/** The user who has the address already, when that is why the server refuses. */
function ownerIn(error: unknown): string | undefined {
  if (!(error instanceof ApiError) || error.code !== 'test_identity.belongs_to_user') return undefined
  const { userId } = (error.data ?? {}) as { userId?: unknown }
  return typeof userId === 'string' ? userId : undefined
}

/** Makes a test identity, or changes one that is there. */
export function TestIdentityEditor({ identity, onDone }: { identity?: TestIdentity; onDone(): void }) {
  const { texts } = useSpeech()
  const label = texts.testIdentities
  const [form, setForm] = useState(() => toForm(Date.now(), identity))
  const create = useChange(testIdentityRoutes.createTestIdentity, STALE)
  const update = useChange(testIdentityRoutes.updateTestIdentity, STALE)
  const error = create.error ?? update.error
  const owner = ownerIn(create.error)
  const wrong = mistakesOf(form, Date.now())
  const valueLabel = form.type === 'phone' ? label.phoneValue : label.emailValue
  const errors = useFormErrors({
    labels: { value: valueLabel, code: label.code, expiresAt: label.ends, note: label.note },
    mistakes: {
      value: wrong.value && texts.form.empty(valueLabel),
      code: wrong.code && label.problems.code,
      expiresAt:
        wrong.ends === 'late'
          ? label.problems.late(LONGEST_TEST_IDENTITY_DAYS)
          : wrong.ends && label.problems.past,
    },
    error: owner === undefined ? error : undefined,
    values: { value: `${form.type} ${form.value}`, code: form.code, expiresAt: form.ends, note: form.note },
  })
  const change = (changes: Partial<typeof form>) => {
    setForm(before => ({ ...before, ...changes }))
    create.reset()
  }

  function send(userId?: string) {
    const done = (message: string) => ({
      onSuccess: () => {
        notifications.show({ color: 'green', message })
        onDone()
      },
    })
    if (identity) update.mutate({ params: { id: identity.id }, body: toChange(form) }, done(label.changed))
    else
      create.mutate({ body: { ...toBody(form), ...(userId !== undefined && { userId }) } }, done(label.added))
  }

  return (
    <Form of={errors} onSubmit={() => send()}>
      <Stack>
        {!identity && (
          <Radio.Group
            label={label.type}
            value={form.type}
            onChange={type => change({ type: type as TestIdentity['type'] })}
          >
            <Group mt="xs">
              <Radio value="phone" label={label.phone} />
              <Radio value="email" label={label.email} />
            </Group>
          </Radio.Group>
        )}
        <TextInput
          {...errors.field('value')}
          description={form.type === 'phone' ? label.phoneHint : undefined}
          type={form.type === 'phone' ? 'tel' : 'email'}
          value={form.value}
          onChange={event => change({ value: event.currentTarget.value })}
          disabled={identity !== undefined}
          autoComplete="off"
          required
          data-autofocus
        />
        <TextInput
          {...errors.field('code')}
          description={label.codeHint}
          inputMode="numeric"
          value={form.code}
          onChange={event => change({ code: event.currentTarget.value })}
          maxLength={32}
          autoComplete="off"
          required
        />
        <TextInput
          {...errors.field('expiresAt')}
          description={label.endsHint(LONGEST_TEST_IDENTITY_DAYS)}
          type="datetime-local"
          value={form.ends}
          onChange={event => change({ ends: event.currentTarget.value })}
          required
        />
        <TextInput
          {...errors.field('note')}
          description={label.noteHint}
          value={form.note}
          onChange={event => change({ note: event.currentTarget.value })}
          maxLength={256}
        />
        {owner === undefined ? (
          <Button type="submit" loading={create.isPending || update.isPending}>
            {identity ? texts.common.save : label.add}
          </Button>
        ) : (
          <Alert color="yellow" icon={<IconUser />} title={label.owned}>
            <Stack gap="xs" align="flex-start">
              <Text size="sm">{label.ownedText}</Text>
              <Anchor component={Link} to={`/users/${owner}`} size="sm">
                {label.lookAtUser}
              </Anchor>
              <Button size="xs" color="red" loading={create.isPending} onClick={() => send(owner)}>
                {label.openAccount}
              </Button>
            </Stack>
          </Alert>
        )}
      </Stack>
    </Form>
  )
}
