import {
  type CatalogEntry,
  type ConsoleState,
  consoleRoutes,
  type SignInExperience,
  signInExperienceRoutes,
} from '@countersign/api'
import { Anchor, Button, Group, Input, Paper, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconExternalLink } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useOutletContext } from 'react-router'
import { ApiError, issuesOf } from '../api-error.ts'
import { isAboutConnector, type Section, sectionOf, toForm, toPatch } from '../experience/form.ts'
import { CodesSection, ForgotSection, LanguageSection } from '../experience/further-sections.tsx'
import { HelpSection, LookSection } from '../experience/look-section.tsx'
import { SignInSection } from '../experience/sign-in-section.tsx'
import { ModeSection, SignUpSection } from '../experience/sign-up-section.tsx'
import { useExperienceErrors } from '../experience/use-experience-errors.ts'
import { Form } from '../form/form.tsx'
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
  const errors = useExperienceErrors(form, { patch, saved, error })
  // What is said at a field is not said of its section again.
  const isOfNoField = error && errors.elsewhere.length > 0
  const wrong = isOfNoField && sectionOf({ code, member: issuesOf(error)[0]?.path[0] }, form, has)
  const problem = wrong && (
    <Problem error={error} reveal>
      {isAboutConnector(code) && (
        <Anchor component={Link} to="/connectors" size="sm">
          {texts.experience.goToConnectors}
        </Anchor>
      )}
    </Problem>
  )
  const isMarked = Boolean(wrong) || errors.isMarked
  const ofSection = { signUp: 'signUp', signIn: 'signIn', forgot: 'forgotPasswordMethods' } as const
  function at(section: Section) {
    if (wrong === section) return problem
    if (!(section in ofSection)) return undefined
    const said = errors.errorAt(ofSection[section as keyof typeof ofSection])
    return said && <Input.Error role="alert">{said}</Input.Error>
  }
  const shared = {
    form,
    has,
    errors,
    change: (changes: Partial<typeof form>) => setForm(before => ({ ...before, ...changes })),
  }

  function save() {
    update.mutate(
      { body: patch },
      {
        onSuccess: after => {
          setSaved(after)
          setForm(toForm(after))
          errors.start()
          notifications.show({ color: 'green', message: texts.experience.saved })
        },
      },
    )
  }

  return (
    <Form of={errors} onSubmit={save} ownNotice={Boolean(wrong)}>
      <Stack gap="lg">
        <ModeSection {...shared} />
        <SignUpSection {...shared} problem={at('signUp')} />
        <SignInSection {...shared} problem={at('signIn')} />
        <ForgotSection {...shared} problem={at('forgot')} />
        <CodesSection {...shared} problem={at('codes')} />
        <LanguageSection {...shared} problem={at('language')} />
        <LookSection {...shared} problem={at('look')} />
        <HelpSection {...shared} problem={at('help')} />
        <Paper withBorder shadow="sm" p="sm" className="save-bar">
          <Group justify="space-between" gap="xs">
            <Text size="sm" c={isMarked ? 'red' : 'dimmed'} role="status">
              {isMarked ? texts.errors.marked : dirty && texts.common.unsaved}
            </Text>
            <Group gap="xs">
              {dirty && (
                <Button
                  variant="default"
                  onClick={() => {
                    setForm(toForm(saved))
                    update.reset()
                    errors.start()
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
        </Paper>
        <UnsavedQuestion blocker={guard.blocker} />
      </Stack>
    </Form>
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
