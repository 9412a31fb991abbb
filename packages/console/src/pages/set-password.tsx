import { operatorRoutes } from '@countersign/api'
import { Alert, Anchor, Button, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { ApiError } from '../api-error.ts'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { Door } from '../frame/door.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { useSpeech } from '../language.tsx'
import { useLinkToken } from '../operator/link-token.ts'
import { NewPasswordFields, useNewPassword } from '../operator/new-password.tsx'
import { useChange, useRoute } from '../queries.ts'

function NoLink({ title }: { title: string }) {
  const { texts } = useSpeech()
  return (
    <Stack>
      <Alert color="red" title={title} className="breakable">
        {texts.setPassword.badLinkText}
      </Alert>
      <Anchor component={Link} to="/sign-in" size="sm">
        {texts.setPassword.signIn}
      </Anchor>
    </Stack>
  )
}

const isBadLink = (error: unknown) => error instanceof ApiError && error.code === 'operator.link_invalid'

function PasswordForm({ token, name }: { token: string; name: string }) {
  const { texts } = useSpeech()
  const next = useNewPassword(texts.welcome.password)
  const set = useChange(operatorRoutes.setOperatorPassword)

  const { labels, mistakes, values } = next
  const form = useFormErrors({ labels, mistakes, values, error: set.error })

  function submit() {
    // Loaded anew, so that nothing stays in memory of whoever was signed in here before.
    set.mutate({ body: { token, password: next.password } }, { onSuccess: () => location.assign('/') })
  }

  if (isBadLink(set.error)) return <NoLink title={texts.setPassword.badLink} />
  return (
    <Form of={form} onSubmit={submit}>
      <Stack>
        <Text size="sm" className="breakable">
          {texts.setPassword.text(name)}
        </Text>
        {/* Password managers ask whose password it is. */}
        <input type="text" autoComplete="username" value={name} readOnly hidden />
        <NewPasswordFields of={next} field={form.field} />
        <Button type="submit" loading={set.isPending || set.isSuccess} fullWidth>
          {texts.setPassword.submit}
        </Button>
      </Stack>
    </Form>
  )
}

function ForLink({ token }: { token: string }) {
  const { texts } = useSpeech()
  const query = useRoute(operatorRoutes.readOperatorLink, { body: { token } })
  if (isBadLink(query.error)) return <NoLink title={texts.setPassword.badLink} />
  return <Loaded query={query}>{({ name }) => <PasswordForm token={token} name={name} />}</Loaded>
}

/** /set-password#token=…: sets the password of the operator whom the link is for. */
export function SetPasswordPage() {
  const { texts } = useSpeech()
  const token = useLinkToken()
  return (
    <Door title={texts.setPassword.title}>
      {token ? <ForLink token={token} /> : <NoLink title={texts.setPassword.noLink} />}
    </Door>
  )
}
