import { CAPTCHA_SECRETS, type CaptchaSettings, type CaptchaShown, captchaRoutes } from '@countersign/api'
import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { SecretInput } from '../frame/secret-input.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'

/** A provider that asks for keys. */
export type Keyed = Exclude<CaptchaSettings['provider'], 'altcha'>

/** What each one is told, in the order of its own console. */
const FIELDS = {
  aliyun: ['prefix', 'sceneId', 'accessKeyId', 'accessKeySecret'],
  tencent: ['captchaAppId', 'appSecretKey', 'secretId', 'secretKey'],
  turnstile: ['siteKey', 'secretKey'],
  hcaptcha: ['siteKey', 'secretKey'],
} as const satisfies Record<Keyed, readonly string[]>

type Field = (typeof FIELDS)[Keyed][number]

/** The keys of one provider, with a few sentences on where to find them. A stored secret is never shown. */
export function CaptchaProviderForm({ provider, settings }: { provider: Keyed; settings: CaptchaShown }) {
  const { texts } = useSpeech()
  const label = texts.captcha
  const put = useChange(captchaRoutes.putCaptcha, [captchaRoutes.getCaptcha])
  const isStored = settings.provider === provider
  const stored: Readonly<Record<string, unknown>> = isStored ? settings : {}
  const fields: readonly Field[] = FIELDS[provider]
  const secrets: readonly string[] = CAPTCHA_SECRETS[provider]
  const text = (name: string, usual = '') => (typeof stored[name] === 'string' ? stored[name] : usual)
  const [draft, setDraft] = useState<Record<string, string>>(() => ({
    ...Object.fromEntries(fields.map(name => [name, text(name)])),
    region: text('region', 'cn'),
    fallback: text('fallback', 'altcha'),
  }))
  const set = (name: string, value: string) => setDraft(before => ({ ...before, [name]: value }))
  const textOf = (name: string) => draft[name] ?? ''
  const needs = (name: string) => textOf(name) === '' && !(secrets.includes(name) && isStored)
  const kept = fields.filter(name => textOf(name) !== '')
  const sent = {
    provider,
    fallback: textOf('fallback'),
    ...(provider === 'aliyun' && { region: textOf('region') }),
    ...Object.fromEntries(kept.map(name => [name, textOf(name).trim()])),
  }
  const labels = Object.fromEntries(fields.map(name => [name, label.fields[name]]))
  const form = useFormErrors({
    labels,
    mistakes: Object.fromEntries(
      fields.filter(needs).map(name => [name, texts.form.empty(label.fields[name])]),
    ),
    body: { takes: captchaRoutes.putCaptcha.body, sent },
    error: put.error,
    values: Object.fromEntries(fields.map(name => [name, textOf(name)])),
  })

  function submit() {
    put.mutate(
      { body: sent as CaptchaSettings },
      {
        onSuccess: () => {
          for (const name of secrets) set(name, '')
          form.start()
          notifications.show({ color: 'green', message: label.saved })
        },
      },
    )
  }

  return (
    <Form of={form} onSubmit={submit}>
      <Stack maw={420}>
        <Text size="sm">{label.guides[provider]}</Text>
        {!isStored && <Text size="sm">{label.notYet(label.providers[settings.provider])}</Text>}
        {provider === 'aliyun' && (
          <NativeSelect
            label={label.region}
            value={textOf('region')}
            onChange={event => set('region', event.currentTarget.value)}
            data={[
              { value: 'cn', label: label.regions.cn },
              { value: 'sgp', label: label.regions.sgp },
            ]}
          />
        )}
        {fields.map(name => {
          const shared = {
            ...form.field(name),
            value: textOf(name),
            onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
            autoComplete: 'off',
            maxLength: 256,
          }
          return secrets.includes(name) ? (
            <SecretInput key={name} {...shared} {...(isStored && { description: label.secretKept })} />
          ) : (
            <TextInput key={name} {...shared} />
          )
        })}
        <NativeSelect
          label={label.fallback}
          description={label.fallbackText}
          value={textOf('fallback')}
          onChange={event => set('fallback', event.currentTarget.value)}
          data={[
            { value: 'altcha', label: label.fallbacks.altcha },
            { value: 'refuse', label: label.fallbacks.refuse },
          ]}
        />
        <Group>
          <Button type="submit" loading={put.isPending}>
            {texts.common.save}
          </Button>
        </Group>
      </Stack>
    </Form>
  )
}
