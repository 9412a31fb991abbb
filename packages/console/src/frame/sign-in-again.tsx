import { consoleRoutes } from '@countersign/api'
import { Button, Group, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { Dialog } from './dialog.tsx'
import { Problem } from './problem.tsx'
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

  function submit(event: FormEvent) {
    event.preventDefault()
    signIn.mutate({ body: { name, password } })
  }

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
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" className="breakable">
            {label.text(name)}
          </Text>
          {/* Password managers ask whose password it is. */}
          <input type="text" autoComplete="username" value={name} readOnly hidden />
          <SecretInput
            label={texts.signIn.password}
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
          />
          <Problem error={signIn.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onLeave}>
              {label.other}
            </Button>
            <Button type="submit" loading={signIn.isPending}>
              {texts.signIn.submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
