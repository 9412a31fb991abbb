import { type EmailTemplate, emailTemplateRoutes, UsageType } from '@countersign/api'
import {
  Alert,
  Autocomplete,
  Button,
  Code,
  Group,
  NativeSelect,
  Radio,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { sameJson } from '../connector/draft.ts'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { Section } from '../frame/section.tsx'
import { UnsavedQuestion, useUnsavedGuard } from '../frame/unsaved.tsx'
import { useSpeech } from '../language.tsx'
import { LANGUAGES } from '../locales/languages.ts'
import { useChange } from '../queries.ts'
import {
  changed,
  type Field,
  hidesCode,
  mistakesOf,
  newForm,
  placeInForm,
  strayPlaceholders,
  type TemplateForm,
  toDetails,
  toForm,
  VARIABLES,
} from './form.ts'
import { Preview } from './preview.tsx'
import { SendMail } from './send-mail.tsx'

function Variables() {
  const { texts } = useSpeech()
  const label = texts.emailTemplates
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500}>
        {label.variables}
      </Text>
      {Object.keys(VARIABLES).map(name => (
        <Text key={name} size="sm">
          <Code>{`{{${name}}}`}</Code> {label.variableTexts[name as keyof typeof VARIABLES]}
        </Text>
      ))}
    </Stack>
  )
}

/** Writes an e-mail template, new or there, and shows what comes of it. */
export function TemplateEditor(props: { template?: EmailTemplate; others: readonly EmailTemplate[] }) {
  const { template, others } = props
  const { texts, language } = useSpeech()
  const label = texts.emailTemplates
  const navigate = useNavigate()
  const [before] = useState(template ? toForm(template) : newForm(language))
  const [form, setForm] = useState<TemplateForm>(before)
  const stale = [emailTemplateRoutes.listEmailTemplates, emailTemplateRoutes.getEmailTemplate]
  const put = useChange(emailTemplateRoutes.putEmailTemplates, stale)
  const update = useChange(emailTemplateRoutes.updateEmailTemplate, stale)
  const guard = useUnsavedGuard(!sameJson(form, before))
  const wrong = mistakesOf(form)
  const mistake = (field: Field) => (wrong.includes(field) ? label.problems[field] : undefined)
  const errors = useFormErrors({
    labels: {
      language: label.language,
      occasion: label.occasion,
      subject: label.subject,
      kind: label.kind,
      content: label.content,
    },
    mistakes: {
      language: mistake('language'),
      subject: mistake('subject'),
      content: mistake('content'),
    },
    error: put.error ?? update.error,
    placed: placeInForm,
    values: form,
  })
  const change = (changes: Partial<TemplateForm>) =>
    setForm(old => (template ? { ...old, ...changes } : changed(old, changes)))
  const replaces =
    !template &&
    others.some(one => one.languageTag === form.language.trim() && one.templateType === form.occasion)

  function save() {
    const done = {
      onSuccess: () => {
        notifications.show({ color: 'green', message: label.saved })
        guard.release()
        void navigate('/sign-in-experience/email-templates')
      },
    }
    if (template) update.mutate({ params: { id: template.id }, body: toDetails(form) }, done)
    else {
      const { language, occasion } = form
      const one = { languageTag: language.trim(), templateType: occasion, details: toDetails(form) }
      put.mutate({ body: { templates: [one] } }, done)
    }
  }

  const stray = strayPlaceholders(form)

  return (
    <Stack gap="lg">
      <Form of={errors} onSubmit={save}>
        <Stack gap="lg">
          <Section title={label.settings}>
            <Group align="flex-start" gap="sm">
              <Autocomplete
                openOnFocus={false}
                flex="1 1 12rem"
                {...errors.field('language')}
                description={label.languageHint}
                value={form.language}
                onChange={language => change({ language })}
                data={Object.keys(LANGUAGES)}
                disabled={template !== undefined}
                maxLength={16}
                required
              />
              <NativeSelect
                flex="1 1 12rem"
                {...errors.field('occasion')}
                description={texts.usage[form.occasion]}
                value={form.occasion}
                onChange={event =>
                  change({ occasion: event.currentTarget.value as TemplateForm['occasion'] })
                }
                data={UsageType.options}
                disabled={template !== undefined}
              />
            </Group>
            {replaces && (
              <Alert color="yellow" icon={<IconAlertTriangle />}>
                {label.replaces}
              </Alert>
            )}
            <TextInput
              {...errors.field('subject')}
              value={form.subject}
              onChange={event => change({ subject: event.currentTarget.value })}
              required
            />
            <Radio.Group
              {...errors.group('kind')}
              value={form.kind}
              onChange={kind => change({ kind: kind as TemplateForm['kind'] })}
            >
              <Group mt="xs">
                <Radio value="text/html" label={label.html} />
                <Radio value="text/plain" label={label.plain} />
              </Group>
            </Radio.Group>
            <Textarea
              {...errors.field('content')}
              value={form.content}
              onChange={event => change({ content: event.currentTarget.value })}
              autosize
              minRows={6}
              maxRows={24}
              spellCheck={false}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
              required
            />
            <Variables />
            {form.content !== '' && hidesCode(form) && (
              <Alert color="yellow" icon={<IconAlertTriangle />}>
                {label.noCode}
              </Alert>
            )}
            {stray.length > 0 && (
              <Alert color="yellow" icon={<IconAlertTriangle />} className="breakable">
                {stray.map(({ kind, written, meant }) => (
                  <Text key={written} size="sm">
                    {kind === 'braces' ? label.braces(written, meant ?? '') : label.stray(written, meant)}
                  </Text>
                ))}
              </Alert>
            )}
            <Button type="submit" ml="auto" loading={put.isPending || update.isPending}>
              {texts.common.save}
            </Button>
          </Section>
          <Section title={label.preview}>
            <Preview mail={form} />
          </Section>
        </Stack>
        <UnsavedQuestion blocker={guard.blocker} />
      </Form>
      <SendMail form={form} />
    </Stack>
  )
}
