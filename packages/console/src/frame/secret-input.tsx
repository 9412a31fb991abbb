import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { useSpeech } from '../language.tsx'

/** A masked line that can be looked at; its eye is named in the operator's language and reached by keyboard. */
export function SecretInput(props: PasswordInputProps) {
  const { texts } = useSpeech()
  return (
    <PasswordInput
      visibilityToggleButtonProps={{ 'aria-label': texts.common.reveal, tabIndex: 0 }}
      {...props}
    />
  )
}
