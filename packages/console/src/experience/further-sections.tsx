import { Checkbox, Group, NativeSelect, NumberInput } from '@mantine/core'
import { useMemo } from 'react'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { LANGUAGES } from '../locales/languages.ts'
import { countryChoices } from './country-choices.ts'
import { MissingConnector } from './missing-connector.tsx'
import type { SectionProps } from './section-props.ts'
import { BOUNDS } from './use-experience-errors.ts'

/** How a forgotten password is reset. */
export function ForgotSection({ form, has, change, problem }: SectionProps) {
  const { texts } = useSpeech()
  const missing = [
    ...(form.forgotByPhone && !has.sms ? (['sms'] as const) : []),
    ...(form.forgotByEmail && !has.email ? (['email'] as const) : []),
  ]
  return (
    <Section title={texts.experience.forgot} text={texts.experience.forgotText}>
      <Checkbox
        label={texts.experience.byPhone}
        checked={form.forgotByPhone}
        onChange={event => change({ forgotByPhone: event.currentTarget.checked })}
      />
      <Checkbox
        label={texts.experience.byEmail}
        checked={form.forgotByEmail}
        onChange={event => change({ forgotByEmail: event.currentTarget.checked })}
      />
      <MissingConnector channels={missing} />
      {problem}
    </Section>
  )
}

const whole = (value: number | string) => (typeof value === 'number' ? value : '')

/** How long a code is, how long it lives, how often it may be typed wrong, and how soon another may be sent. */
export function CodesSection({ form, errors, change, problem }: SectionProps) {
  const { texts } = useSpeech()
  return (
    <Section title={texts.experience.codes}>
      <NumberInput
        {...errors.field('verificationCodePolicy.codeLength')}
        description={texts.experience.lengthHint}
        value={form.codeLength}
        onChange={value => change({ codeLength: whole(value) })}
        min={BOUNDS.codeLength[0]}
        max={BOUNDS.codeLength[1]}
        clampBehavior="none"
        allowDecimal={false}
        placeholder="6"
      />
      <Group align="flex-start">
        <NumberInput
          flex="1 1 14rem"
          {...errors.field('verificationCodePolicy.expirationDuration')}
          description={texts.experience.lifetimeHint}
          value={form.codeSeconds}
          onChange={value => change({ codeSeconds: whole(value) })}
          min={BOUNDS.codeSeconds[0]}
          max={BOUNDS.codeSeconds[1]}
          clampBehavior="none"
          allowDecimal={false}
          suffix={` ${texts.experience.seconds}`}
          placeholder="600"
        />
        <NumberInput
          flex="1 1 14rem"
          {...errors.field('verificationCodePolicy.maxRetryAttempts')}
          description={texts.experience.triesHint}
          value={form.codeTries}
          onChange={value => change({ codeTries: whole(value) })}
          min={BOUNDS.codeTries[0]}
          max={BOUNDS.codeTries[1]}
          clampBehavior="none"
          allowDecimal={false}
          placeholder="10"
        />
      </Group>
      <NumberInput
        {...errors.field('verificationCodePolicy.resendInterval')}
        description={texts.experience.pauseHint}
        value={form.codePause}
        onChange={value => change({ codePause: whole(value) })}
        min={BOUNDS.codePause[0]}
        max={BOUNDS.codePause[1]}
        clampBehavior="none"
        allowDecimal={false}
        suffix={` ${texts.experience.seconds}`}
        placeholder="60"
      />
      {problem}
    </Section>
  )
}

/** The language of the sign-in pages and of messages, and where the phone numbers are from. */
export function LanguageSection({ form, errors, change, problem }: SectionProps) {
  const { texts, language } = useSpeech()
  const choices = useMemo(() => countryChoices(language), [language])
  const known: { value: string; label: string }[] = Object.entries(LANGUAGES).map(([value, one]) => ({
    value,
    label: one.languageName,
  }))
  const fallback = form.fallbackLanguage
  return (
    <Section title={texts.experience.language}>
      <Checkbox
        {...errors.field('languageInfo.autoDetect')}
        checked={form.autoDetect}
        onChange={event => change({ autoDetect: event.currentTarget.checked })}
      />
      <NativeSelect
        {...errors.field('languageInfo.fallbackLanguage')}
        maw={280}
        value={fallback}
        onChange={event => change({ fallbackLanguage: event.currentTarget.value })}
        data={known.some(one => one.value === fallback) ? known : [...known, fallback]}
      />
      <NativeSelect
        {...errors.field('defaultCountry')}
        description={texts.experience.countryHint}
        maw={280}
        value={form.defaultCountry}
        onChange={event => change({ defaultCountry: event.currentTarget.value })}
        data={[{ value: '', label: texts.experience.countryOfBrowser }, ...choices]}
      />
      {problem}
    </Section>
  )
}
