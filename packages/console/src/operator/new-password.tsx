import { useState } from 'react'
import { SecretInput } from '../frame/secret-input.tsx'
import { useSpeech } from '../language.tsx'

/** The least that the policy asks for; the rest of it only the server knows. */
const SHORTEST = 8

/** A password that is typed twice, and what a form says of its two fields. */
export function useNewPassword(label: string) {
  const { texts } = useSpeech()
  const [password, setPassword] = useState('')
  const [repeated, setRepeated] = useState('')
  return {
    password,
    setPassword,
    setRepeated,
    labels: { password: label, repeated: texts.welcome.repeat },
    values: { password, repeated },
    mistakes: {
      password: password.length < SHORTEST ? texts.welcome.tooShort : undefined,
      repeated: password === repeated ? undefined : texts.welcome.mismatch,
    },
    clear(): void {
      setPassword('')
      setRepeated('')
    },
  }
}

/** What a form says of one field. */
interface Told {
  name: string
  label: string
  error: string | undefined
}

/** The two fields of a new password. */
export function NewPasswordFields(props: {
  of: ReturnType<typeof useNewPassword>
  field(name: 'password' | 'repeated'): Told
}) {
  const { texts } = useSpeech()
  const { of, field } = props
  return (
    <>
      <SecretInput
        {...field('password')}
        description={texts.welcome.passwordHint}
        value={of.values.password}
        onChange={event => of.setPassword(event.currentTarget.value)}
        autoComplete="new-password"
        maxLength={256}
        required
        withAsterisk={false}
      />
      <SecretInput
        {...field('repeated')}
        value={of.values.repeated}
        onChange={event => of.setRepeated(event.currentTarget.value)}
        autoComplete="new-password"
        maxLength={256}
        required
        withAsterisk={false}
      />
    </>
  )
}
