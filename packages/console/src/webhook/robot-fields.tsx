import { ROBOT_FORMS, ROBOT_LANGUAGES, ROBOT_PLACES, type RobotForm, SIGNED_ROBOTS } from '@countersign/api'
import { Checkbox, Group, List, NativeSelect, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { useId } from 'react'
import { SecretInput } from '../frame/secret-input.tsx'
import { useSpeech } from '../language.tsx'
import { languageName } from '../sentences/language-names.ts'
import { ALARMS } from './events.ts'
import type { WebhookForm } from './form.ts'
import type { FieldsProps } from './use-webhook-errors.ts'

/** Whether a back end is told, or a group. */
export function ChooseForm({ form, errors, change }: FieldsProps) {
  const { texts, language } = useSpeech()
  const label = texts.robots
  function choose(next: WebhookForm['form']) {
    const isNew = form.form === 'json' && next !== 'json'
    change({
      form: next,
      ...(isNew && { language }),
      ...(isNew && form.events.length === 0 && { events: [...ALARMS] }),
    })
  }
  return (
    <NativeSelect
      {...errors.field('form')}
      description={label.formHint}
      maw={420}
      value={form.form}
      onChange={event => choose(event.currentTarget.value as WebhookForm['form'])}
      data={(['json', ...ROBOT_FORMS] as const).map(value => ({ value, label: label.forms[value] }))}
    />
  )
}

/** How a robot is made in its service, step by step. */
function Guide({ service }: { service: RobotForm }) {
  const { texts } = useSpeech()
  const label = texts.robots
  const id = useId()
  return (
    <Paper component="section" aria-labelledby={id} withBorder p="md" flex="1 1 18rem">
      <Stack gap="xs">
        <Title id={id} order={3} size="sm">
          {label.guide(label.services[service])}
        </Title>
        <List type="ordered" size="sm" spacing={6} pr="sm">
          {label.guides[service].map(step => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
        <Text size="sm" c="dimmed">
          {label.howOften}
        </Text>
      </Stack>
    </Paper>
  )
}

function Secret({ form, errors, change, service }: FieldsProps & { service: RobotForm }) {
  const { texts } = useSpeech()
  const label = texts.robots
  const isStored = form.signed === service
  return (
    <>
      <SecretInput
        {...errors.field('secret')}
        description={isStored ? label.secretKept : label.secretHint}
        autoComplete="off"
        value={form.secret}
        disabled={form.forgets}
        onChange={event => change({ secret: event.currentTarget.value })}
      />
      {isStored && (
        <Checkbox
          label={label.forgetSecret}
          checked={form.forgets}
          onChange={event =>
            change({
              forgets: event.currentTarget.checked,
              ...(event.currentTarget.checked && { secret: '' }),
            })
          }
        />
      )}
    </>
  )
}

/** What is said of a group's robot, with the guide beside it. */
export function RobotFields(props: FieldsProps & { service: RobotForm }) {
  const { form, errors, change, service } = props
  const { texts, language } = useSpeech()
  const label = texts.robots
  const { hosts, path } = ROBOT_PLACES[service]
  return (
    <Group align="flex-start" gap="lg">
      <Stack flex="1 1 20rem">
        <TextInput
          {...errors.field('url')}
          description={label.addressHint}
          type="url"
          placeholder={`https://${hosts[0]}${path}…`}
          autoComplete="off"
          spellCheck={false}
          value={form.url}
          onChange={event => change({ url: event.currentTarget.value })}
          required
        />
        {SIGNED_ROBOTS.includes(service) && <Secret {...props} />}
        <NativeSelect
          {...errors.field('language')}
          value={form.language}
          onChange={event => change({ language: event.currentTarget.value as WebhookForm['language'] })}
          data={ROBOT_LANGUAGES.map(value => ({ value, label: languageName(value, language) }))}
        />
      </Stack>
      <Guide service={service} />
    </Group>
  )
}
