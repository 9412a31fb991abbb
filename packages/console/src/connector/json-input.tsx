import { Textarea, type TextareaProps } from '@mantine/core'
import { useState } from 'react'
import { sameJson } from './draft.ts'

/** What a text stands for: the JSON value it spells, else the text itself, which the server then complains about. */
export function meaningOf(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const spell = (value: unknown): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'string'
      ? value
      : JSON.stringify(value, null, 2)

/** Any JSON value, as text. Half-typed JSON travels as a string, so that nothing typed is lost silently. */
export function JsonInput({
  value,
  onChange,
  ...rest
}: Omit<TextareaProps, 'value' | 'onChange'> & { value: unknown; onChange: (value: unknown) => void }) {
  const [typed, setTyped] = useState<string>()
  // The operator's own line breaks stay as long as they mean the value.
  const text = typed !== undefined && sameJson(meaningOf(typed), value) ? typed : spell(value)
  return (
    <Textarea
      {...rest}
      autosize
      minRows={2}
      maxRows={14}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      value={text}
      onChange={event => {
        setTyped(event.currentTarget.value)
        onChange(meaningOf(event.currentTarget.value))
      }}
    />
  )
}
