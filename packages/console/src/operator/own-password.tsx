import { operatorRoutes } from '@countersign/api'
import { Button, Group, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { Problem } from '../frame/problem.tsx'
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
  const next = useNewPassword()
  const change = useChange(operatorRoutes.changeOperatorPassword)

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!next.check()) return
    change.mutate(
      { body: { currentPassword: current, password: next.password } },
      {
        onSuccess: () => {
          setCurrent('')
          next.clear()
          notifications.show({ color: 'green', message: label.changed })
        },
      },
    )
  }

  return (
    <Section title={label.own} text={label.ownText}>
      <form onSubmit={submit}>
        <Stack maw={420}>
          {/* Password managers ask whose password it is. */}
          <input type="text" autoComplete="username" value={name} readOnly hidden />
          <SecretInput
            label={label.current}
            value={current}
            onChange={event => setCurrent(event.currentTarget.value)}
            autoComplete="current-password"
            maxLength={256}
            required
            withAsterisk={false}
          />
          <NewPasswordFields of={next} label={label.next} />
          <Problem error={change.error} />
          <Group>
            <Button type="submit" loading={change.isPending}>
              {label.change}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
