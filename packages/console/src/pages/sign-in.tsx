import { consoleRoutes } from '@countersign/api'
import { Alert, Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Navigate, useLocation, useSearchParams } from 'react-router'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { Door } from '../frame/door.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { SecretInput } from '../frame/secret-input.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useConsoleState } from '../queries.ts'

/** Only a path of this console: an address elsewhere must not be reachable through the sign-in. */
const safeNext = (next: string | null) => (next && /^\/(?![/\\])/.test(next) ? next : '/')

function SignInForm() {
  const { texts } = useSpeech()
  const { state } = useLocation()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useChange(consoleRoutes.signInOperator, [consoleRoutes.getConsoleState])

  const label = texts.signIn
  const form = useFormErrors({
    labels: { name: label.name, password: label.password },
    mistakes: {
      name: name.trim() === '' ? texts.form.empty(label.name) : undefined,
      password: password === '' ? texts.form.empty(label.password) : undefined,
    },
    error: signIn.error,
    values: { name, password },
  })

  return (
    <Form of={form} onSubmit={() => signIn.mutate({ body: { name, password } })}>
      <Stack>
        {state?.operatorExists && <Alert>{texts.welcome.exists}</Alert>}
        <TextInput
          {...form.field('name')}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          autoComplete="username"
          required
          withAsterisk={false}
        />
        <SecretInput
          {...form.field('password')}
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
        <Button type="submit" loading={signIn.isPending} fullWidth>
          {label.submit}
        </Button>
      </Stack>
    </Form>
  )
}

/** /sign-in: lets an operator in. */
export function SignInPage() {
  const { texts } = useSpeech()
  const [search] = useSearchParams()
  const query = useConsoleState()
  return (
    <Door title={texts.signIn.title}>
      <Loaded query={query}>
        {state => {
          if (state.operator) return <Navigate to={safeNext(search.get('next'))} replace />
          if (state.needsFirstOperator) return <Navigate to="/welcome" replace />
          return <SignInForm />
        }}
      </Loaded>
    </Door>
  )
}
