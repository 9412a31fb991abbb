import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { useId } from 'react'
import { useSpeech } from '../language.tsx'

/** A masked line that can be looked at; its eye is named in the operator's language and reached by keyboard. */
export function SecretInput(props: PasswordInputProps) {
  const { texts } = useSpeech()
  const id = useId()
  const described = [
    ...(props.error ? [`${id}-error`] : []),
    ...(props.description ? [`${id}-description`] : []),
  ]
  return (
    <PasswordInput
      id={id}
      // The library leaves both out where a line is masked.
      aria-invalid={props.error ? true : undefined}
      aria-describedby={described.join(' ') || undefined}
      visibilityToggleButtonProps={{ 'aria-label': texts.common.reveal, tabIndex: 0 }}
      {...props}
    />
  )
}
