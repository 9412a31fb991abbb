import { type Hook, hookRoutes } from '@countersign/api'
import { Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { sameJson } from '../connector/draft.ts'
import { ConfirmButton } from '../frame/confirm.tsx'
import { showFirstMistake } from '../frame/first-mistake.ts'
import { Problem } from '../frame/problem.tsx'
import { Section } from '../frame/section.tsx'
import { SaveRow, UnsavedQuestion, useUnsavedGuard } from '../frame/unsaved.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { WebhookFields } from './fields.tsx'
import { isRight, mistakesOf, toBody, toForm } from './form.ts'
import { SendSample } from './send-sample.tsx'
import { SigningKey } from './signing-key.tsx'

/** Everything about a webhook that can be changed. */
export function WebhookSettings({ hook }: { hook: Hook }) {
  const { texts } = useSpeech()
  const label = texts.webhook
  const navigate = useNavigate()
  const [form, setForm] = useState(() => toForm(hook))
  const [tried, setTried] = useState(false)
  const update = useChange(hookRoutes.updateHook, [hookRoutes.getHook, hookRoutes.listHooks])
  const remove = useChange(hookRoutes.deleteHook, [hookRoutes.listHooks])
  const dirty = !sameJson(toBody(form), toBody(toForm(hook)))
  const guard = useUnsavedGuard(dirty)
  const mistakes = mistakesOf(form)

  function isFit(): boolean {
    setTried(true)
    return isRight(mistakes)
  }

  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (!isFit()) return showFirstMistake(event.currentTarget)
    update.mutate(
      // The single event of older clients is in the list now.
      { params: { id: hook.id }, body: { ...toBody(form), ...(hook.event !== null && { event: null }) } },
      {
        onSuccess: after => {
          setForm(toForm(after))
          setTried(false)
          notifications.show({ color: 'green', message: label.saved })
        },
      },
    )
  }

  return (
    <Stack gap="lg">
      <Section title={label.settings}>
        <form noValidate onSubmit={save}>
          <Stack>
            <WebhookFields
              form={form}
              mistakes={tried ? mistakes : undefined}
              change={changes => setForm(before => ({ ...before, ...changes }))}
            />
            <SendSample id={hook.id} form={form} onTry={isFit} />
            <Problem error={update.error} />
            <SaveRow dirty={dirty} saving={update.isPending} />
          </Stack>
        </form>
      </Section>
      <SigningKey hook={hook} />
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
