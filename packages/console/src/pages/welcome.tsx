import { consoleRoutes } from '@countersign/api'
import { Alert, Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Navigate } from 'react-router'
import { ApiError } from '../api-error.ts'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { Door } from '../frame/door.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { useSpeech } from '../language.tsx'
import { useLinkToken } from '../operator/link-token.ts'
import { NewPasswordFields, useNewPassword } from '../operator/new-password.tsx'
import { useChange, useConsoleState } from '../queries.ts'

function FirstOperatorForm({ token }: { token: string }) {
  const { texts } = useSpeech()
  const [name, setName] = useState('')
  const next = useNewPassword(texts.welcome.password)
  const create = useChange(consoleRoutes.createFirstOperator, [consoleRoutes.getConsoleState])

  const isBadLink = create.error instanceof ApiError && create.error.status === 403
  const form = useFormErrors({
    labels: { name: texts.welcome.name, ...next.labels },
    mistakes: {
      name: name.trim() === '' ? texts.form.empty(texts.welcome.name) : undefined,
      ...next.mistakes,
    },
    error: isBadLink ? undefined : create.error,
    values: { name, ...next.values },
  })

  return (
    <Form of={form} onSubmit={() => create.mutate({ body: { token, name, password: next.password } })}>
      <Stack>
        <TextInput
          {...form.field('name')}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          autoComplete="username"
          maxLength={128}
          required
          withAsterisk={false}
          data-autofocus
        />
        <NewPasswordFields of={next} field={form.field} />
        {isBadLink && (
          <Alert color="red" title={texts.welcome.badLink}>
            {texts.welcome.noTokenText}
          </Alert>
        )}
        <Button type="submit" loading={create.isPending} fullWidth>
          {texts.welcome.create}
        </Button>
      </Stack>
    </Form>
  )
}

/** /welcome#token=…: creates the first operator. */
export function WelcomePage() {
  const { texts } = useSpeech()
  const token = useLinkToken()
  const query = useConsoleState()
  return (
    <Door title={texts.welcome.title} text={texts.welcome.text}>
      <Loaded query={query}>
        {state => {
          if (state.operator) return <Navigate to="/" replace />
          if (!state.needsFirstOperator)
            return <Navigate to="/sign-in" state={{ operatorExists: token !== undefined }} replace />
          if (!token) return <Alert title={texts.welcome.noToken}>{texts.welcome.noTokenText}</Alert>
          return <FirstOperatorForm token={token} />
        }}
      </Loaded>
    </Door>
  )
}
