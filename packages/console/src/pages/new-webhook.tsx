import { hookRoutes } from '@countersign/api'
import { Button, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { sameJson } from '../connector/draft.ts'
import { showFirstMistake } from '../frame/first-mistake.ts'
import { Page } from '../frame/page.tsx'
import { Problem } from '../frame/problem.tsx'
import { Section } from '../frame/section.tsx'
import { UnsavedQuestion, useUnsavedGuard } from '../frame/unsaved.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { WebhookFields } from '../webhook/fields.tsx'
import { EMPTY, isRight, mistakesOf, toBody } from '../webhook/form.ts'

/** /webhooks/new: tells somebody new. */
export function NewWebhookPage() {
  const { texts } = useSpeech()
  const navigate = useNavigate()
  const [form, setForm] = useState(EMPTY)
  const [tried, setTried] = useState(false)
  const create = useChange(hookRoutes.createHook, [hookRoutes.listHooks])
  const guard = useUnsavedGuard(!sameJson(form, EMPTY))
  const mistakes = mistakesOf(form)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setTried(true)
    if (!isRight(mistakes)) return showFirstMistake(event.currentTarget)
    create.mutate(
      { body: toBody(form) },
      {
        onSuccess: hook => {
          notifications.show({ color: 'green', message: texts.webhook.created })
          guard.release()
          void navigate(`/webhooks/${hook.id}`)
        },
      },
    )
  }

  return (
    <Page title={texts.webhooks.create} back={{ to: '/webhooks', label: texts.webhook.back }}>
      <Section title={texts.webhook.settings}>
        <form noValidate onSubmit={submit}>
          <Stack>
            <WebhookFields
              form={form}
              mistakes={tried ? mistakes : undefined}
              change={changes => setForm(before => ({ ...before, ...changes }))}
            />
            <Problem error={create.error} />
            <Button type="submit" loading={create.isPending} ml="auto">
              {texts.webhooks.create}
            </Button>
          </Stack>
        </form>
      </Section>
      <UnsavedQuestion blocker={guard.blocker} />
    </Page>
  )
}
