import { consoleRoutes } from '@countersign/api'
import { Alert, Button, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Navigate, useLocation, useSearchParams } from 'react-router'
import { Door } from '../frame/door.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Problem } from '../frame/problem.tsx'
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

  function submit(event: FormEvent) {
    event.preventDefault()
    signIn.mutate({ body: { name, password } })
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        {state?.operatorExists && <Alert>{texts.welcome.exists}</Alert>}
        <TextInput
          label={texts.signIn.name}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          autoComplete="username"
          required
          withAsterisk={false}
        />
        <SecretInput
          label={texts.signIn.password}
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
        <Problem error={signIn.error} />
        <Button type="submit" loading={signIn.isPending} fullWidth>
          {texts.signIn.submit}
        </Button>
      </Stack>
    </form>
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
