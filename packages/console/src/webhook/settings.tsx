import { type Hook, hookRoutes } from '@countersign/api'
import { Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { sameJson } from '../connector/draft.ts'
import { Form } from '../form/form.tsx'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Section } from '../frame/section.tsx'
import { SaveRow, UnsavedQuestion, useUnsavedGuard } from '../frame/unsaved.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { WebhookFields } from './fields.tsx'
import { toBody, toForm } from './form.ts'
import { SendSample } from './send-sample.tsx'
import { SigningKey } from './signing-key.tsx'
import { useWebhookErrors } from './use-webhook-errors.ts'

/** Everything about a webhook that can be changed. */
export function WebhookSettings({ hook }: { hook: Hook }) {
  const { texts } = useSpeech()
  const label = texts.webhook
  const navigate = useNavigate()
  const [form, setForm] = useState(() => toForm(hook))
  const update = useChange(hookRoutes.updateHook, [hookRoutes.getHook, hookRoutes.listHooks])
  const remove = useChange(hookRoutes.deleteHook, [hookRoutes.listHooks])
  const dirty = !sameJson(toBody(form), toBody(toForm(hook)))
  const guard = useUnsavedGuard(dirty)
  const errors = useWebhookErrors(form, update.error)

  function save() {
    update.mutate(
      // The single event of older clients is in the list now.
      { params: { id: hook.id }, body: { ...toBody(form), ...(hook.event !== null && { event: null }) } },
      {
        onSuccess: after => {
          setForm(toForm(after))
          errors.start()
          notifications.show({ color: 'green', message: label.saved })
        },
      },
    )
  }

  return (
    <Stack gap="lg">
      <Section title={label.settings}>
        <Form of={errors} onSubmit={save}>
          <Stack>
            <WebhookFields
              form={form}
              errors={errors}
              change={changes => setForm(before => ({ ...before, ...changes }))}
            />
            <SendSample id={hook.id} form={form} onTry={errors.check} />
            <SaveRow dirty={dirty} marked={errors.isMarked} saving={update.isPending} />
          </Stack>
        </Form>
      </Section>
      {hook.config.robot === undefined && <SigningKey hook={hook} />}
      <ConfirmButton
        label={label.delete}
        icon={<IconTrash size={16} />}
        title={label.deleteTitle(hook.name || texts.webhooks.unnamed)}
        text={label.deleteText}
        button={{ w: 'fit-content' }}
        onConfirm={async () => {
          await remove.mutateAsync({ params: { id: hook.id } })
          notifications.show({ color: 'green', message: label.deleted })
          guard.release()
          void navigate('/webhooks')
        }}
      />
      <UnsavedQuestion blocker={guard.blocker} />
    </Stack>
  )
}
