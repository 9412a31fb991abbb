import { Checkbox, Group, Radio, Stack, Text } from '@mantine/core'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { type SignUpWith, withSignUp } from './form.ts'
import { MissingConnector } from './missing-connector.tsx'
import type { SectionProps } from './section-props.ts'

const CHOICES = ['phone', 'email', 'emailOrPhone', 'username'] as const
const MODES = ['SignInAndRegister', 'SignIn', 'Register'] as const

/** By what new users are known. */
export function SignUpSection({ form, has, change, problem }: SectionProps) {
  const { texts } = useSpeech()
  const choice = form.signUpWith
  const missing = [
    ...((choice === 'phone' || choice === 'emailOrPhone') && !has.sms ? (['sms'] as const) : []),
    ...((choice === 'email' || choice === 'emailOrPhone') && !has.email ? (['email'] as const) : []),
  ]
  return (
    <Section title={texts.experience.signUp}>
      <Radio.Group
        label={texts.experience.signUpWith}
        value={choice}
        onChange={value => change(withSignUp(form, value as SignUpWith))}
      >
        <Stack gap="xs" mt="xs">
          {/* The API can say more than this page; what it said is kept until something else is chosen. */}
          {choice === 'other' && <Radio value="other" label={texts.experience.other} />}
          {CHOICES.map(value => (
            <Radio key={value} value={value} label={texts.experience[value]} />
          ))}
        </Stack>
      </Radio.Group>
      <MissingConnector channels={missing} />
      {choice === 'username' ? (
        <Text size="sm" c="dimmed">
          {texts.experience.usernamePassword}
        </Text>
      ) : (
        <Checkbox
          label={texts.experience.setPassword}
          description={texts.experience.verified}
          checked={form.signUpPassword}
          onChange={event => change({ signUpPassword: event.currentTarget.checked })}
        />
      )}
      {problem}
    </Section>
  )
}

/** Whether the sign-in pages let users in, register new ones, or both. */
export function ModeSection({ form, change }: SectionProps) {
  const { texts } = useSpeech()
  return (
    <Section title={texts.experience.mode}>
      <Radio.Group
        aria-label={texts.experience.mode}
        value={form.signInMode}
        onChange={mode => change({ signInMode: mode as typeof form.signInMode })}
      >
        <Group gap="lg">
          {MODES.map(mode => (
            <Radio key={mode} value={mode} label={texts.experience[mode]} />
          ))}
        </Group>
      </Radio.Group>
    </Section>
  )
}
