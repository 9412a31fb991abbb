import { Checkbox, ColorInput, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import type { SectionProps } from './section-props.ts'

const AGREEMENTS = ['Automatic', 'ManualRegistrationOnly', 'Manual'] as const

/** What the sign-in pages look like, and what users agree to. */
export function LookSection({ form, errors, change, problem }: SectionProps) {
  const { texts } = useSpeech()
  return (
    <Section title={texts.experience.look}>
      <ColorInput
        {...errors.field('color.primaryColor')}
        maw={280}
        value={form.primaryColor}
        onChange={primaryColor => change({ primaryColor })}
        format="hex"
        withEyeDropper={false}
      />
      <Checkbox
        {...errors.field('color.isDarkModeEnabled')}
        description={texts.experience.darkModeHint}
        checked={form.darkMode}
        onChange={event => change({ darkMode: event.currentTarget.checked })}
      />
      {form.darkMode && (
        <ColorInput
          {...errors.field('color.darkPrimaryColor')}
          maw={280}
          value={form.darkColor}
          onChange={darkColor => change({ darkColor })}
          format="hex"
          withEyeDropper={false}
        />
      )}
      <Textarea
        {...errors.field('customCss')}
        description={texts.experience.customCssHint}
        autosize
        minRows={2}
        maxRows={16}
        spellCheck={false}
        value={form.customCss}
        onChange={event => change({ customCss: event.currentTarget.value })}
      />
      <TextInput
        {...errors.field('termsOfUseUrl')}
        description={texts.experience.urlHint}
        type="url"
        value={form.termsOfUseUrl}
        onChange={event => change({ termsOfUseUrl: event.currentTarget.value })}
      />
      <TextInput
        {...errors.field('privacyPolicyUrl')}
        type="url"
        value={form.privacyPolicyUrl}
        onChange={event => change({ privacyPolicyUrl: event.currentTarget.value })}
      />
      <NativeSelect
        {...errors.field('agreeToTermsPolicy')}
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

/** Where visitors of the sign-in pages get help. */
export function HelpSection({ form, errors, change, problem }: SectionProps) {
  const { texts } = useSpeech()
  return (
    <Section title={texts.experience.help} text={texts.experience.helpText}>
      <TextInput
        {...errors.field('supportEmail')}
        inputMode="email"
        value={form.supportEmail}
        onChange={event => change({ supportEmail: event.currentTarget.value })}
      />
      <TextInput
        {...errors.field('supportWebsiteUrl')}
        type="url"
        value={form.supportWebsiteUrl}
        onChange={event => change({ supportWebsiteUrl: event.currentTarget.value })}
      />
      {problem}
    </Section>
  )
}
