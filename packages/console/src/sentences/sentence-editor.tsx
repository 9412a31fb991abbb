import { phraseRoutes } from '@countersign/api'
import { Button, Code, Group, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { Problem } from '../frame/problem.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { keyOf, type Sentence, strayPlaceholders, type Tree, withSentence } from './tree.ts'

/** Changes one sentence. The server takes a language as a whole, so the others travel along. */
export function SentenceEditor(props: { language: string; own: Tree; sentence: Sentence; onDone(): void }) {
  const { language, own, sentence, onDone } = props
  const { texts } = useSpeech()
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

  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        write(text === sentence.builtIn ? undefined : text)
      }}
    >
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
          label={label.own}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          autosize
          minRows={2}
          maxRows={10}
          lang={language}
          required
          data-autofocus
        />
        {missing.length > 0 && (
          <Text size="sm" c="var(--mantine-color-error)">
            {label.missing(missing.join(', '))}
          </Text>
        )}
        {unknown.length > 0 && (
          <Text size="sm" c="var(--mantine-color-error)">
            {label.unknown(unknown.join(', '))}
          </Text>
        )}
        <Problem error={put.error} />
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
    </form>
  )
}
