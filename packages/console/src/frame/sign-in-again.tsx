import { consoleRoutes } from '@countersign/api'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { Dialog } from './dialog.tsx'
import { SecretInput } from './secret-input.tsx'

/** Over every other window of a page. */
const ABOVE = 1000

/**
 * Asks an operator whose session has ended for their password, over the page that stays as they left it. Nobody else can
 * come in here: what was typed below belongs to who typed it.
 */
export function SignInAgain({ name, onLeave }: { name: string; onLeave(): void }) {
  const { texts } = useSpeech()
  const label = texts.signInAgain
  const [password, setPassword] = useState('')
  const signIn = useChange(consoleRoutes.signInOperator, [consoleRoutes.getConsoleState])

  const form = useFormErrors({
    labels: { password: texts.signIn.password },
    mistakes: { password: password === '' ? texts.form.empty(texts.signIn.password) : undefined },
    error: signIn.error,
    values: { password },
  })

  return (
    <Dialog
      opened
      onClose={() => undefined}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
      zIndex={ABOVE}
      title={label.title}
    >
      <Form of={form} onSubmit={() => signIn.mutate({ body: { name, password } })}>
        <Stack>
          <Text size="sm" className="breakable">
            {label.text(name)}
          </Text>
          {/* Password managers ask whose password it is. */}
          <input type="text" autoComplete="username" value={name} readOnly hidden />
          <SecretInput
            {...form.field('password')}
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onLeave}>
              {label.other}
            </Button>
            <Button type="submit" loading={signIn.isPending}>
              {texts.signIn.submit}
            </Button>
          </Group>
        </Stack>
      </Form>
    </Dialog>
  )
}
