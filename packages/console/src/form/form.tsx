import { Alert, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { type FocusEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { ApiError } from '../api-error.ts'
import { afterPress } from '../frame/after-press.ts'
import { showFirstMistake } from '../frame/first-mistake.ts'
import { useSpeech } from '../language.tsx'
import type { FormErrors } from './use-form-errors.ts'

/** What is about no field, at the top of a form, brought into sight. */
function Notice({ sentences }: { sentences: readonly string[] }) {
  const { texts } = useSpeech()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // In the middle, for the head of the page covers what stands at the edge.
    box.current?.scrollIntoView({ block: 'center' })
  }, [])
  return (
    <Alert
      ref={box}
      color="red"
      icon={<IconAlertCircle />}
      title={texts.errors.title}
      className="breakable"
      mb="md"
    >
      {sentences.map(sentence => (
        <Text key={sentence} size="sm">
          {sentence}
        </Text>
      ))}
    </Alert>
  )
}

const nameOf = (target: EventTarget): string =>
  'name' in target && typeof target.name === 'string' ? target.name : ''

/**
 * A form that says at each field what is wrong with it, and goes to the first one. Its controls carry the names that
 * `of` knows them by.
 */
export function Form(props: {
  of: FormErrors
  onSubmit(): void
  /** Where the form shows by itself what is about no field. */
  ownNotice?: boolean
  children: ReactNode
}) {
  const { of } = props
  const form = useRef<HTMLFormElement>(null)
  // A field may be wrong that another choice has put out of sight.
  const [hidden, setHidden] = useState(false)
  const { refusal } = of
  useEffect(() => {
    if (!refusal) return
    if (!(refusal instanceof ApiError)) console.error(refusal)
    showFirstMistake(form.current!)
  }, [refusal])
  return (
    <form
      ref={form}
      noValidate
      onInput={event => of.typed(nameOf(event.target))}
      onBlur={(event: FocusEvent) => {
        const name = nameOf(event.target)
        if (of.wasTyped(name)) afterPress(() => of.leave(name))
      }}
      onSubmit={event => {
        event.preventDefault()
        // A window over a page may stand inside the page's form.
        event.stopPropagation()
        if (of.check()) props.onSubmit()
        else showFirstMistake(event.currentTarget, () => setHidden(true))
      }}
    >
      {!props.ownNotice && of.elsewhere.length > 0 && <Notice sentences={of.elsewhere} />}
      {hidden && of.mistakes.length > 0 && <Notice sentences={of.mistakes} />}
      {props.children}
    </form>
  )
}
