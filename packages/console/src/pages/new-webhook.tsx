import { hookRoutes } from '@countersign/api'
import { Button, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { sameJson } from '../connector/draft.ts'
import { Form } from '../form/form.tsx'
import { Page } from '../frame/page.tsx'
import { Section } from '../frame/section.tsx'
import { UnsavedQuestion, useUnsavedGuard } from '../frame/unsaved.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { WebhookFields } from '../webhook/fields.tsx'
import { EMPTY, toBody } from '../webhook/form.ts'
import { useWebhookErrors } from '../webhook/use-webhook-errors.ts'

/** /webhooks/new: tells somebody new. */
export function NewWebhookPage() {
  const { texts } = useSpeech()
  const navigate = useNavigate()
  const [form, setForm] = useState(EMPTY)
  const create = useChange(hookRoutes.createHook, [hookRoutes.listHooks])
  const guard = useUnsavedGuard(!sameJson(form, EMPTY))
  const errors = useWebhookErrors(form, create.error)

  function submit() {
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
        <Form of={errors} onSubmit={submit}>
          <Stack>
            <WebhookFields
              form={form}
              errors={errors}
              change={changes => setForm(before => ({ ...before, ...changes }))}
            />
            <Button type="submit" loading={create.isPending} ml="auto">
              {texts.webhooks.create}
            </Button>
          </Stack>
        </Form>
      </Section>
      <UnsavedQuestion blocker={guard.blocker} />
    </Page>
  )
}
