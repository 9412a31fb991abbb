import { LanguageTag } from '@countersign/api'
import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { Dialog } from '../frame/dialog.tsx'
import { useSpeech } from '../language.tsx'
import { languageName } from './language-names.ts'

/** Chooses the language whose sentences are looked at; any that there is can be added. */
export function ChooseLanguage(props: {
  language: string
  languages: readonly string[]
  onChoose(language: string): void
}) {
  const { texts, language: reader } = useSpeech()
  const label = texts.sentences
  const [opened, { open, close }] = useDisclosure()
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  const languages = [...new Set([...props.languages, props.language])]

  function add(event: FormEvent) {
    event.preventDefault()
    const tag = LanguageTag.safeParse(typed.trim())
    setWrong(!tag.success)
    if (!tag.success) return
    close()
    setTyped('')
    props.onChoose(tag.data)
  }

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
        <form noValidate onSubmit={add}>
          <Stack>
            <TextInput
              label={label.languageTag}
              description={label.languageTagHint}
              value={typed}
              onChange={event => setTyped(event.currentTarget.value)}
              error={wrong && label.languageWrong}
              spellCheck={false}
              required
              data-autofocus
            />
            <Button type="submit">{label.addLanguage}</Button>
          </Stack>
        </form>
      </Dialog>
    </Group>
  )
}
