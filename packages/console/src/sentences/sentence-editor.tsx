import { phraseRoutes } from '@countersign/api'
import { Button, Code, Group, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { keyOf, type Sentence, strayPlaceholders, type Tree, withSentence } from './tree.ts'

/** Changes one sentence. The server takes a language as a whole, so the others travel along. */
export function SentenceEditor(props: { language: string; own: Tree; sentence: Sentence; onDone(): void }) {
  const { language, own, sentence, onDone } = props
  const { texts, list } = useSpeech()
  const label = texts.sentences
  const [text, setText] = useState(sentence.own ?? sentence.builtIn)
  const put = useChange(phraseRoutes.putCustomPhrases, [phraseRoutes.listCustomPhrases])
  const { missing, unknown } = strayPlaceholders(sentence.builtIn, text)

  function write(said: string | undefined) {
    put.mutate(
      { params: { languageTag: language }, body: { ...withSentence(own, sentence.path, said) } },
      {
        onSuccess: () => {
          notifications.show({ color: 'green', message: said === undefined ? label.wasReset : label.saved })
          onDone()
        },
      },
    )
  }

  const form = useFormErrors({
    labels: { text: label.own },
    mistakes: { text: text.trim() === '' ? texts.form.empty(label.own) : undefined },
    error: put.error,
    values: { text },
  })

  return (
    <Form of={form} onSubmit={() => write(text === sentence.builtIn ? undefined : text)}>
      <Stack>
        <Code className="breakable" w="fit-content">
          {keyOf(sentence.path)}
        </Code>
        <div>
          <Text size="sm" fw={500}>
            {label.builtIn}
          </Text>
          <Text size="sm" className="breakable" lang={language}>
            {sentence.builtIn}
          </Text>
        </div>
        <Textarea
          {...form.field('text')}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          autosize
          minRows={2}
          maxRows={10}
          lang={language}
          required
          data-autofocus
        />
        {text.trim() !== '' && missing.length > 0 && (
          <Text size="sm" c="light-dark(#8a5a00, #f0c46c)" role="note">
            {label.missing(list(missing))}
          </Text>
        )}
        {unknown.length > 0 && (
          <Text size="sm" c="light-dark(#8a5a00, #f0c46c)" role="note">
            {label.unknown(list(unknown))}
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          {sentence.own !== undefined && (
            <Button variant="default" onClick={() => write(undefined)} loading={put.isPending}>
              {label.reset}
            </Button>
          )}
          <Button type="submit" loading={put.isPending}>
            {texts.common.save}
          </Button>
        </Group>
      </Stack>
    </Form>
  )
}
