import { type LimitsPreview, type RouteAnswer, type SendScope, sendLimitRoutes } from '@countersign/api'
import { Group, NumberInput, Paper, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { call } from '../client.ts'
import { sameJson } from '../connector/draft.ts'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Records } from '../frame/records.tsx'
import { Section } from '../frame/section.tsx'
import { SaveRow, UnsavedQuestion, useUnsavedGuard } from '../frame/unsaved.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import {
  CHANNELS,
  type Channel,
  eachLimit,
  type LimitField,
  type LimitForm,
  scopesOf,
  toBody,
  toForm,
  WINDOWS,
  type Window,
} from './form.ts'
import { useWhatIf, WouldHave, WouldHaveInAll } from './what-if.tsx'

type Saved = RouteAnswer<typeof sendLimitRoutes.getSendLimits>

/** Digits of the largest limit, and one more, so that the form can say what is too much. */
const LONGEST = 8

/** The limits of one channel: a row for each thing that is counted by, a column for each window. */
function ChannelLimits(props: {
  channel: Channel
  form: LimitForm
  preview: LimitsPreview | undefined
  fieldOf(field: LimitField): { name: string; label: string; error: string | undefined }
  onChange(field: LimitField, value: number | string): void
}) {
  const { channel, form, preview, fieldOf, onChange } = props
  const { texts } = useSpeech()
  const label = texts.protection
  const cell = (scope: SendScope, window: Window) => {
    const field: LimitField = `${channel}.${scope}.${window}`
    const { label: name, ...control } = fieldOf(field)
    return (
      <td key={window} data-label={label.windows[window]}>
        <NumberInput
          {...control}
          aria-label={name}
          value={form[field]}
          onChange={value => onChange(field, value)}
          placeholder={window === 'pause' ? label.noPause : label.none}
          maxLength={LONGEST}
          hideControls
          allowDecimal={false}
          allowNegative={false}
          clampBehavior="none"
          autoComplete="off"
        />
        <WouldHave preview={preview} field={field} />
      </td>
    )
  }
  return (
    <Section title={label.channels[channel]} text={label.channelText[channel]}>
      <div className="limits">
        <Records columns={[label.by, ...WINDOWS.map(window => label.windows[window])]}>
          <tbody>
            {scopesOf(channel).map(scope => (
              <tr key={scope}>
                <td>{label.scopes[scope]}</td>
                {WINDOWS.map(window => cell(scope, window))}
              </tr>
            ))}
          </tbody>
        </Records>
      </div>
    </Section>
  )
}

/** How many messages may be sent, saved as a whole. */
export function LimitsEditor({ loaded }: { loaded: Saved }) {
  const { texts, pickAll } = useSpeech()
  const label = texts.protection
  const [saved, setSaved] = useState(loaded)
  const [form, setForm] = useState(() => toForm(loaded.limits))
  const put = useChange(sendLimitRoutes.putSendLimits)
  const dirty = !sameJson(form, toForm(saved.limits))
  const { blocker } = useUnsavedGuard(dirty)
  const body = toBody(form)
  const errors = useFormErrors({
    labels: eachLimit((_, scope, window) => label.field(label.scopes[scope], label.windows[window])),
    body: { takes: sendLimitRoutes.putSendLimits.body, sent: body },
    error: put.error,
    values: form,
  })

  const preview = useWhatIf(dirty && errors.mistakes.length === 0 ? body : undefined)

  function adopt(after: Saved, message: string) {
    setSaved(after)
    setForm(toForm(after.limits))
    errors.start()
    notifications.show({ color: 'green', message })
  }

  async function goBack() {
    await call(sendLimitRoutes.deleteSendLimits)
    put.reset()
    adopt(await call(sendLimitRoutes.getSendLimits), label.wentBack)
  }

  return (
    <Form
      of={errors}
      onSubmit={() => put.mutate({ body }, { onSuccess: after => adopt(after, label.saved) })}
    >
      <Stack gap="lg">
        <Group justify="space-between" gap="sm">
          <Text size="sm" flex="1 1 20rem">
            {pickAll(saved.isDefault ? label.isDefault : label.isSet, label.always)}
          </Text>
          {!saved.isDefault && (
            <ConfirmButton
              label={label.back}
              title={label.backTitle}
              text={label.backText}
              confirm={label.back}
              onConfirm={goBack}
            />
          )}
        </Group>
        {CHANNELS.map(channel => (
          <ChannelLimits
            key={channel}
            channel={channel}
            form={form}
            preview={preview}
            fieldOf={errors.field}
            onChange={(field, value) => setForm(before => ({ ...before, [field]: value }))}
          />
        ))}
        {/* On a phone it covers much of what is only read. */}
        <Paper withBorder shadow="sm" p="sm" {...(dirty && { className: 'save-bar' })}>
          <WouldHaveInAll preview={preview} />
          <SaveRow dirty={dirty} marked={errors.isMarked} saving={put.isPending} />
        </Paper>
        <UnsavedQuestion blocker={blocker} />
      </Stack>
    </Form>
  )
}
