import { consoleRoutes } from '@countersign/api'
import { Alert, Button, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import { Navigate, useLocation, useNavigate } from 'react-router'
import { ApiError } from '../api-error.ts'
import { Door } from '../frame/door.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Problem } from '../frame/problem.tsx'
import { SecretInput } from '../frame/secret-input.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useConsoleState } from '../queries.ts'

/** The token of the one-time link. It stands in the fragment, which no server ever sees, and leaves the address bar at once. */
function useToken(): string | undefined {
  const { hash } = useLocation()
  const navigate = useNavigate()
  const fresh = new URLSearchParams(hash.slice(1)).get('token')
  const [token, setToken] = useState(fresh)
  useEffect(() => {
    if (!fresh) return
    setToken(fresh)
    void navigate('/welcome', { replace: true })
  }, [fresh, navigate])
  return token ?? undefined
}

function FirstOperatorForm({ token }: { token: string }) {
  const { texts } = useSpeech()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [repeated, setRepeated] = useState('')
  const [tried, setTried] = useState(false)
  const create = useChange(consoleRoutes.createFirstOperator, [consoleRoutes.getConsoleState])
  const tooShort = password.length < 8
  const differs = password !== repeated

  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (!tooShort && !differs) create.mutate({ body: { token, name, password } })
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={texts.welcome.name}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          autoComplete="username"
          maxLength={128}
          required
          withAsterisk={false}
          data-autofocus
        />
        <SecretInput
          label={texts.welcome.password}
          description={texts.welcome.passwordHint}
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
          autoComplete="new-password"
          maxLength={256}
          error={tried && tooShort && texts.welcome.tooShort}
          required
          withAsterisk={false}
        />
        <SecretInput
          label={texts.welcome.repeat}
          value={repeated}
          onChange={event => setRepeated(event.currentTarget.value)}
          autoComplete="new-password"
          maxLength={256}
          error={tried && differs && texts.welcome.mismatch}
          required
          withAsterisk={false}
        />
        {create.error instanceof ApiError && create.error.status === 403 ? (
          <Alert color="red" title={texts.welcome.badLink}>
            {texts.welcome.noTokenText}
          </Alert>
        ) : (
          <Problem error={create.error} />
        )}
        <Button type="submit" loading={create.isPending} fullWidth>
          {texts.welcome.create}
        </Button>
      </Stack>
    </form>
  )
}

/** /welcome#token=…: creates the first operator. */
export function WelcomePage() {
  const { texts } = useSpeech()
  const token = useToken()
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
