import { operatorRoutes } from '@countersign/api'
import { Button, Group, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { SecretInput } from '../frame/secret-input.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { NewPasswordFields, useNewPassword } from './new-password.tsx'

/** Changes the password of who is signed in. */
export function OwnPassword({ name }: { name: string }) {
  const { texts } = useSpeech()
  const label = texts.operators
  const [current, setCurrent] = useState('')
  const next = useNewPassword(label.next)
  const change = useChange(operatorRoutes.changeOperatorPassword)

  const form = useFormErrors({
    labels: { currentPassword: label.current, ...next.labels },
    mistakes: {
      currentPassword: current === '' ? texts.form.empty(label.current) : undefined,
      ...next.mistakes,
    },
    error: change.error,
    values: { currentPassword: current, ...next.values },
  })

  function submit() {
    change.mutate(
      { body: { currentPassword: current, password: next.password } },
      {
        onSuccess: () => {
          setCurrent('')
          next.clear()
          form.start()
          notifications.show({ color: 'green', message: label.changed })
        },
      },
    )
  }

  return (
    <Section title={label.own} text={label.ownText}>
      <Form of={form} onSubmit={submit}>
        <Stack maw={420}>
          {/* Password managers ask whose password it is. */}
          <input type="text" autoComplete="username" value={name} readOnly hidden />
          <SecretInput
            {...form.field('currentPassword')}
            value={current}
            onChange={event => setCurrent(event.currentTarget.value)}
            autoComplete="current-password"
            maxLength={256}
            required
            withAsterisk={false}
          />
          <NewPasswordFields of={next} field={form.field} />
          <Group>
            <Button type="submit" loading={change.isPending}>
              {label.change}
            </Button>
          </Group>
        </Stack>
      </Form>
    </Section>
  )
}
