import { ALTCHA_EFFORT, type CaptchaShown, captchaRoutes, signInExperienceRoutes } from '@countersign/api'
import { NativeSelect, Stack, Switch, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { Loaded } from '../frame/loaded.tsx'
import { Problem } from '../frame/problem.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'
import { CaptchaProviderForm } from './captcha-provider.tsx'

/** Every provider, by how it is called everywhere. */
const PROVIDERS = ['altcha', 'aliyun', 'tencent', 'turnstile', 'hcaptcha'] as const

/** How much work there is to choose from; by the API it may be anything between. */
const EFFORTS = [ALTCHA_EFFORT.usual / 4, ALTCHA_EFFORT.usual, ALTCHA_EFFORT.usual * 4]

/** Iterations that phones do in a second, the faster and the slower ones: our estimate. */
const PHONES = [2_000_000, 1_000_000] as const

/** The check for people: who is asked, of which provider, and how much work our own is. */
function CaptchaSection({ settings, isForAll }: { settings: CaptchaShown; isForAll: boolean }) {
  const { language, texts } = useSpeech()
  const label = texts.captcha
  const put = useChange(captchaRoutes.putCaptcha, [captchaRoutes.getCaptcha])
  const ask = useChange(signInExperienceRoutes.updateSignInExperience, [
    signInExperienceRoutes.getSignInExperience,
  ])
  const onSuccess = () => notifications.show({ color: 'green', message: label.saved })
  const [provider, setProvider] = useState(settings.provider)
  const seconds = (value: number) => value.toLocaleString(language, { maximumSignificantDigits: 2 })
  const effort = settings.provider === 'altcha' ? settings.effort : ALTCHA_EFFORT.usual
  const choices = [...new Set([...EFFORTS, effort])].toSorted((a, b) => a - b)
  // Our own check needs no keys, so it is saved at once; of the others it is their form that saves.
  const choose = (value: string) => {
    const next = PROVIDERS.find(each => each === value) ?? 'altcha'
    setProvider(next)
    if (next === 'altcha' && settings.provider !== 'altcha')
      put.mutate({ body: { provider: next, effort: ALTCHA_EFFORT.usual } }, { onSuccess })
  }
  return (
    <Section title={label.title} text={label.text}>
      <Stack>
        <Switch
          label={label.forAll}
          description={label.forAllText}
          checked={isForAll}
          disabled={ask.isPending}
          onChange={event =>
            ask.mutate({ body: { captchaPolicy: { enabled: event.currentTarget.checked } } }, { onSuccess })
          }
        />
        <NativeSelect
          label={label.provider}
          description={provider === 'altcha' && label.own}
          maw={420}
          value={provider}
          disabled={put.isPending}
          onChange={event => choose(event.currentTarget.value)}
          data={PROVIDERS.map(each => ({ value: each, label: label.providers[each] }))}
        />
        {provider !== 'altcha' && (
          <CaptchaProviderForm key={provider} provider={provider} settings={settings} />
        )}
        {provider === 'altcha' && (
          <NativeSelect
            label={label.effort}
            description={label.effortText}
            maw={420}
            value={String(effort)}
            disabled={put.isPending}
            onChange={event =>
              put.mutate(
                { body: { provider: 'altcha', effort: Number(event.currentTarget.value) } },
                { onSuccess },
              )
            }
            data={choices.map(each => ({
              value: String(each),
              label: label.takes(seconds(each / PHONES[0]), seconds(each / PHONES[1])),
            }))}
          />
        )}
        <Text size="sm">{label.whenAsked}</Text>
        {(put.error ?? ask.error) && <Problem error={put.error ?? ask.error} />}
      </Stack>
    </Section>
  )
}

/** The check for people, loaded with whom it is shown to. */
export function CaptchaOfAll() {
  const settings = useRoute(captchaRoutes.getCaptcha)
  const experience = useRoute(signInExperienceRoutes.getSignInExperience)
  return (
    <Loaded query={settings}>
      {loaded => (
        <Loaded query={experience}>
          {({ captchaPolicy }) => (
            <CaptchaSection settings={loaded} isForAll={captchaPolicy.enabled === true} />
          )}
        </Loaded>
      )}
    </Loaded>
  )
}
