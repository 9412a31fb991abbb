import { phraseRoutes, signInExperienceRoutes } from '@countersign/api'
import { Badge, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Dialog } from '../frame/dialog.tsx'
import { Empty, Loaded, together } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { PAGE_SIZE, Pages, Records, usePageNumber } from '../frame/records.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useFresh, useRoute } from '../queries.ts'
import { ChooseLanguage } from '../sentences/choose-language.tsx'
import { languageName } from '../sentences/language-names.ts'
import { SentenceEditor } from '../sentences/sentence-editor.tsx'
import { keyOf, type Sentence, search, sentencesOf, type Tree } from '../sentences/tree.ts'

function Table({ language, own, sentences }: { language: string; own: Tree; sentences: Sentence[] }) {
  const { texts } = useSpeech()
  const label = texts.sentences
  const [page] = usePageNumber()
  const [edited, setEdited] = useState<Sentence>()
  const close = () => setEdited(undefined)
  if (sentences.length === 0) return <Empty title={label.noMatch} />
  return (
    <Stack>
      <Records columns={[label.key, label.text, label.edit]}>
        <tbody>
          {sentences.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map(sentence => (
            <tr key={sentence.path.join('\n')}>
              <td data-label={label.key} className="any-letter">
                {keyOf(sentence.path)}
              </td>
              <td data-label={label.text}>
                <Stack gap={4} align="flex-start" className="breakable">
                  <span lang={language}>{sentence.own ?? sentence.builtIn}</span>
                  {sentence.own !== undefined && (
                    <>
                      <Text size="sm" c="dimmed" lang={language}>
                        {sentence.builtIn}
                      </Text>
                      <Badge variant="light" tt="none">
                        {label.changed}
                      </Badge>
                    </>
                  )}
                </Stack>
              </td>
              <td>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  aria-label={label.editKey(keyOf(sentence.path))}
                  onClick={() => setEdited(sentence)}
                >
                  {label.edit}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </Records>
      <Pages total={sentences.length} />
      <Dialog opened={edited !== undefined} onClose={close} title={label.edit} size="lg">
        {edited && <SentenceEditor language={language} own={own} sentence={edited} onDone={close} />}
      </Dialog>
    </Stack>
  )
}

function Language({ language, fallback }: { language: string; fallback: string }) {
  const { texts, language: reader } = useSpeech()
  const label = texts.sentences
  const [asked, setAsked] = useSearchParams()
  const wanted = asked.get('search') ?? ''
  const [typed, setTyped] = useState(wanted)
  const look = useDebouncedCallback((value: string) => ask('search', value.trim()), 200)
  const onlyChanged = asked.get('changed') === 'yes'
  const put = useChange(phraseRoutes.putCustomPhrases, [phraseRoutes.listCustomPhrases])
  const remove = useChange(phraseRoutes.deleteCustomPhrases, [phraseRoutes.listCustomPhrases])
  const query = together({
    own: useFresh(phraseRoutes.listCustomPhrases),
    builtIn: useRoute(phraseRoutes.getBuiltInPhrases, { params: { languageTag: language } }),
  })

  const ask = (name: string, value: string) =>
    setAsked(
      before => {
        const after = new URLSearchParams(before)
        after.delete('page')
        if (value === '') after.delete(name)
        else after.set(name, value)
        return after
      },
      { replace: name === 'search' },
    )

  async function resetAll() {
    // What everything falls back on cannot be deleted; without a sentence it says the same.
    if (language === fallback) await put.mutateAsync({ params: { languageTag: language }, body: {} })
    else await remove.mutateAsync({ params: { languageTag: language } })
    notifications.show({ color: 'green', message: label.resetAllDone })
  }

  return (
    <Loaded query={query}>
      {({ own, builtIn }) => {
        const mine = own.find(one => one.languageTag === language)?.translation ?? {}
        const all = sentencesOf(builtIn.translation, mine)
        const changed = all.filter(sentence => sentence.own !== undefined)
        const isBuiltIn = builtIn.languages.includes(language)
        return (
          <Stack>
            <ChooseLanguage
              language={language}
              languages={[...builtIn.languages, ...own.map(one => one.languageTag)]}
              onChoose={next => setAsked({ language: next })}
            />
            {!isBuiltIn && (
              <Text size="sm" c="dimmed">
                {label.notBuiltIn(languageName(builtIn.languageTag, reader))}
              </Text>
            )}
            <Group gap="sm">
              <TextInput
                flex="1 1 14rem"
                maw={420}
                aria-label={label.search}
                placeholder={label.searchHint}
                leftSection={<IconSearch size={16} />}
                type="search"
                value={typed}
                onChange={event => {
                  setTyped(event.currentTarget.value)
                  look(event.currentTarget.value)
                }}
              />
              <Checkbox
                label={label.only}
                checked={onlyChanged}
                onChange={event => ask('changed', event.currentTarget.checked ? 'yes' : '')}
              />
            </Group>
            <Group justify="space-between" gap="xs">
              <Text size="sm" c="dimmed" role="status">
                {label.count(changed.length, all.length)}
              </Text>
              {changed.length > 0 && (
                <ConfirmButton
                  label={label.resetAll}
                  title={label.resetAllTitle(languageName(language, reader))}
                  text={label.resetAllText}
                  confirm={label.resetAll}
                  button={{ size: 'xs' }}
                  onConfirm={resetAll}
                />
              )}
            </Group>
            <Table language={language} own={mine} sentences={search(onlyChanged ? changed : all, wanted)} />
          </Stack>
        )
      }}
    </Loaded>
  )
}

/** /sign-in-experience/texts: an operator's own words. */
export function SentencesPage() {
  const { texts } = useSpeech()
  const [asked] = useSearchParams()
  const query = useRoute(signInExperienceRoutes.getSignInExperience)
  return (
    <Page
      title={texts.sentences.title}
      intro={texts.sentences.intro}
      back={{ to: '/sign-in-experience', label: texts.sentences.back }}
    >
      <Loaded query={query}>
        {({ languageInfo: { fallbackLanguage } }) => {
          const language = asked.get('language') ?? fallbackLanguage
          return <Language key={language} language={language} fallback={fallbackLanguage} />
        }}
      </Loaded>
    </Page>
  )
}
