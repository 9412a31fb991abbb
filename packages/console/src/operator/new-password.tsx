import { useState } from 'react'
import { SecretInput } from '../frame/secret-input.tsx'
import { useSpeech } from '../language.tsx'

/** The least that the policy asks for; the rest of it only the server knows. */
const SHORTEST = 8

/** A password that is typed twice. */
export function useNewPassword() {
  const [password, setPassword] = useState('')
  const [repeated, setRepeated] = useState('')
  const [tried, setTried] = useState(false)
  const tooShort = password.length < SHORTEST
  const differs = password !== repeated
  return {
    password,
    repeated,
    setPassword,
    setRepeated,
    showTooShort: tried && tooShort,
    showDiffers: tried && differs,
    /** Says whether it may be sent; from then on the fields say why not. */
    check(): boolean {
      setTried(true)
      return !tooShort && !differs
    },
    clear(): void {
      setPassword('')
      setRepeated('')
      setTried(false)
    },
  }
}

/** The two fields of a new password. */
export function NewPasswordFields(props: { of: ReturnType<typeof useNewPassword>; label: string }) {
  const { texts } = useSpeech()
  const { of } = props
  return (
    <>
      <SecretInput
        label={props.label}
        description={texts.welcome.passwordHint}
        value={of.password}
        onChange={event => of.setPassword(event.currentTarget.value)}
        autoComplete="new-password"
        maxLength={256}
        error={of.showTooShort && texts.welcome.tooShort}
        required
        withAsterisk={false}
      />
      <SecretInput
        label={texts.welcome.repeat}
        value={of.repeated}
        onChange={event => of.setRepeated(event.currentTarget.value)}
        autoComplete="new-password"
        maxLength={256}
        error={of.showDiffers && texts.welcome.mismatch}
        required
        withAsterisk={false}
      />
    </>
  )
}
