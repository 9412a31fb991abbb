import {
  type CatalogEntry,
  type ConsoleState,
  consoleRoutes,
  type SignInExperience,
  signInExperienceRoutes,
} from '@countersign/api'
import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconExternalLink } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useOutletContext } from 'react-router'
import { ApiError, issuesOf } from '../api-error.ts'
import { isAboutConnector, type Section, sectionOf, toForm, toPatch } from '../experience/form.ts'
import { CodesSection, ForgotSection, LanguageSection, LookSection } from '../experience/further-sections.tsx'
import { SignInSection } from '../experience/sign-in-section.tsx'
import { ModeSection, SignUpSection } from '../experience/sign-up-section.tsx'
import { Loaded, together } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { Problem } from '../frame/problem.tsx'
import { UnsavedQuestion, useUnsavedGuard } from '../frame/unsaved.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useFresh } from '../queries.ts'

function Editor({ loaded, catalog }: { loaded: SignInExperience; catalog: readonly CatalogEntry[] }) {
  const { texts } = useSpeech()
  const [saved, setSaved] = useState(loaded)
  const [form, setForm] = useState(() => toForm(loaded))
  const update = useChange(signInExperienceRoutes.updateSignInExperience)
  const patch = toPatch(form, saved)
  const dirty = Object.keys(patch).length > 0
  const guard = useUnsavedGuard(dirty)
  const has = {
    sms: catalog.some(entry => entry.channel === 'sms' && entry.connectionId),
    email: catalog.some(entry => entry.channel === 'email' && entry.connectionId),
  }

  const { error } = update
  const code = error instanceof ApiError ? error.code : ''
  const wrong = error && sectionOf({ code, member: issuesOf(error)[0]?.path[0] }, form, has)
  const problem = error && (
    <Problem error={error} reveal={wrong !== undefined}>
      {isAboutConnector(code) && (
        <Anchor component={Link} to="/connectors" size="sm">
          {texts.experience.goToConnectors}
        </Anchor>
      )}
    </Problem>
  )
  const at = (section: Section) => (wrong === section ? problem : undefined)
  const shared = {
    form,
    has,
    change: (changes: Partial<typeof form>) => setForm(before => ({ ...before, ...changes })),
  }

  function save() {
    update.mutate(
      { body: patch },
      {
        onSuccess: after => {
          setSaved(after)
          setForm(toForm(after))
          notifications.show({ color: 'green', message: texts.experience.saved })
        },
      },
    )
  }

  return (
    <form
      noValidate
      onSubmit={event => {
        event.preventDefault()
        save()
      }}
    >
      <Stack gap="lg">
        <ModeSection {...shared} />
        <SignUpSection {...shared} problem={at('signUp')} />
        <SignInSection {...shared} problem={at('signIn')} />
        <ForgotSection {...shared} problem={at('forgot')} />
        <CodesSection {...shared} problem={at('codes')} />
        <LanguageSection {...shared} problem={at('language')} />
        <LookSection {...shared} problem={at('look')} />
        <Paper withBorder shadow="sm" p="sm" className="save-bar">
          <Stack gap="sm">
            {!wrong && problem}
            <Group justify="space-between" gap="xs">
              <Text size="sm" c={wrong ? 'red' : 'dimmed'} role="status">
                {wrong ? texts.errors.marked : dirty && texts.common.unsaved}
              </Text>
              <Group gap="xs">
                {dirty && (
                  <Button
                    variant="default"
                    onClick={() => {
                      setForm(toForm(saved))
                      update.reset()
                    }}
                  >
                    {texts.experience.discard}
                  </Button>
                )}
                <Button type="submit" disabled={!dirty} loading={update.isPending}>
                  {texts.common.save}
                </Button>
              </Group>
            </Group>
          </Stack>
        </Paper>
        <UnsavedQuestion blocker={guard.blocker} />
      </Stack>
    </form>
  )
}

/** /sign-in-experience: who may come in, and by which way. */
export function SignInExperiencePage() {
  const { texts } = useSpeech()
  const { demoUrl } = useOutletContext<ConsoleState>()
  const query = together({
    experience: useFresh(signInExperienceRoutes.getSignInExperience),
    catalog: useFresh(consoleRoutes.listCatalog),
  })
  return (
    <Page
      title={texts.experience.title}
      intro={texts.experience.intro}
      actions={
        demoUrl && (
          <Button
            component="a"
            href={demoUrl}
            target="_blank"
            rel="noreferrer"
            variant="default"
            rightSection={<IconExternalLink size={14} aria-label={texts.common.opensNewTab} />}
          >
            {texts.experience.tryIt}
          </Button>
        )
      }
    >
      <Group gap="md">
        <Anchor component={Link} to="/sign-in-experience/texts" size="sm">
          {texts.sentences.link}
        </Anchor>
        <Anchor component={Link} to="/sign-in-experience/email-templates" size="sm">
          {texts.emailTemplates.link}
        </Anchor>
      </Group>
      <Loaded query={query}>
        {({ experience, catalog }) => <Editor loaded={experience} catalog={catalog} />}
      </Loaded>
    </Page>
  )
}
