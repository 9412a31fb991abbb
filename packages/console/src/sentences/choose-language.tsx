import { LanguageTag } from '@countersign/api'
import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { Dialog } from '../frame/dialog.tsx'
import { useSpeech } from '../language.tsx'
import { languageName } from './language-names.ts'

/** Names a language that has no sentences yet. */
function AddForm({ onAdd }: { onAdd(language: string): void }) {
  const { texts } = useSpeech()
  const label = texts.sentences
  const [typed, setTyped] = useState('')
  const tag = LanguageTag.safeParse(typed.trim())
  const form = useFormErrors({
    labels: { language: label.languageTag },
    mistakes: { language: tag.success ? undefined : label.languageWrong },
    error: undefined,
    values: { language: typed },
  })
  return (
    <Form of={form} onSubmit={() => tag.data !== undefined && onAdd(tag.data)}>
      <Stack>
        <TextInput
          {...form.field('language')}
          description={label.languageTagHint}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          spellCheck={false}
          required
          data-autofocus
        />
        <Button type="submit">{label.addLanguage}</Button>
      </Stack>
    </Form>
  )
}

/** Chooses the language whose sentences are looked at; any that there is can be added. */
export function ChooseLanguage(props: {
  language: string
  languages: readonly string[]
  onChoose(language: string): void
}) {
  const { texts, language: reader } = useSpeech()
  const label = texts.sentences
  const [opened, { open, close }] = useDisclosure()
  const languages = [...new Set([...props.languages, props.language])]

  return (
    <Group align="flex-end" gap="xs">
      <NativeSelect
        flex="1 1 12rem"
        maw={320}
        label={label.language}
        value={props.language}
        onChange={event => props.onChoose(event.currentTarget.value)}
        data={languages.map(value => ({ value, label: languageName(value, reader) }))}
      />
      <Button variant="default" leftSection={<IconPlus size={16} />} onClick={open}>
        {label.addLanguage}
      </Button>
      <Dialog opened={opened} onClose={close} title={label.addLanguage}>
        <AddForm
          onAdd={language => {
            close()
            props.onChoose(language)
          }}
        />
      </Dialog>
    </Group>
  )
}
