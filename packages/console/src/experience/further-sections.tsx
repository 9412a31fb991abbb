import { PHONE_COUNTRIES } from '@countersign/api'
import { Checkbox, ColorInput, Group, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { LANGUAGES } from '../locales/languages.ts'
import { MissingConnector } from './missing-connector.tsx'
import type { SectionProps } from './section-props.ts'

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
export function CodesSection({ form, change, problem }: SectionProps) {
  const { texts } = useSpeech()
  return (
    <Section title={texts.experience.codes}>
      <NumberInput
        label={texts.experience.length}
        description={texts.experience.lengthHint}
        value={form.codeLength}
        onChange={value => change({ codeLength: whole(value) })}
        min={4}
        max={8}
        clampBehavior="none"
        allowDecimal={false}
        placeholder="6"
      />
      <Group align="flex-start">
        <NumberInput
          flex="1 1 14rem"
          label={texts.experience.lifetime}
          description={texts.experience.lifetimeHint}
          value={form.codeSeconds}
          onChange={value => change({ codeSeconds: whole(value) })}
          min={60}
          max={3600}
          clampBehavior="none"
          allowDecimal={false}
          suffix={` ${texts.experience.seconds}`}
          placeholder="600"
        />
        <NumberInput
          flex="1 1 14rem"
          label={texts.experience.tries}
          description={texts.experience.triesHint}
          value={form.codeTries}
          onChange={value => change({ codeTries: whole(value) })}
          min={1}
          max={100}
          clampBehavior="none"
          allowDecimal={false}
          placeholder="10"
        />
      </Group>
      <NumberInput
        label={texts.experience.pause}
        description={texts.experience.pauseHint}
        value={form.codePause}
        onChange={value => change({ codePause: whole(value) })}
        min={0}
        max={600}
        clampBehavior="none"
        allowDecimal={false}
        suffix={` ${texts.experience.seconds}`}
        placeholder="60"
      />
      {problem}
    </Section>
  )
}

/** Countries by their names in a language. */
function countryChoices(language: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(language, { type: 'region' })
  const order = new Intl.Collator(language)
  return PHONE_COUNTRIES.map(value => ({ value, label: names.of(value) ?? value })).sort((a, b) =>
    order.compare(a.label, b.label),
  )
}

/** The language of the sign-in pages and of messages, and where the phone numbers are from. */
export function LanguageSection({ form, change, problem }: SectionProps) {
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
        label={texts.experience.autoDetect}
        checked={form.autoDetect}
        onChange={event => change({ autoDetect: event.currentTarget.checked })}
      />
      <NativeSelect
        label={texts.experience.fallback}
        maw={280}
        value={fallback}
        onChange={event => change({ fallbackLanguage: event.currentTarget.value })}
        data={known.some(one => one.value === fallback) ? known : [...known, fallback]}
      />
      <NativeSelect
        label={texts.experience.country}
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

const AGREEMENTS = ['Automatic', 'ManualRegistrationOnly', 'Manual'] as const

/** What the sign-in pages look like, and what users agree to. */
export function LookSection({ form, change, problem }: SectionProps) {
  const { texts } = useSpeech()
  return (
    <Section title={texts.experience.look}>
      <ColorInput
        label={texts.experience.color}
        maw={280}
        value={form.primaryColor}
        onChange={primaryColor => change({ primaryColor })}
        format="hex"
        withEyeDropper={false}
      />
      <TextInput
        label={texts.experience.terms}
        description={texts.experience.urlHint}
        type="url"
        value={form.termsOfUseUrl}
        onChange={event => change({ termsOfUseUrl: event.currentTarget.value })}
      />
      <TextInput
        label={texts.experience.privacy}
        type="url"
        value={form.privacyPolicyUrl}
        onChange={event => change({ privacyPolicyUrl: event.currentTarget.value })}
      />
      <NativeSelect
        label={texts.experience.agreement}
        description={texts.experience.agreementHint}
        value={form.agreeToTermsPolicy}
        onChange={event =>
          change({ agreeToTermsPolicy: event.currentTarget.value as typeof form.agreeToTermsPolicy })
        }
        data={AGREEMENTS.map(value => ({ value, label: texts.experience[value] }))}
      />
      {problem}
    </Section>
  )
}
