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
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { sameJson } from '../connector/draft.ts'
import { showFirstMistake } from '../frame/first-mistake.ts'
import { Problem } from '../frame/problem.tsx'
import { Section } from '../frame/section.tsx'
import { UnsavedQuestion, useUnsavedGuard } from '../frame/unsaved.tsx'
import { useSpeech } from '../language.tsx'
import { LANGUAGES } from '../locales/languages.ts'
import { useChange } from '../queries.ts'
import {
  EMPTY,
  type Field,
  hidesCode,
  mistakesOf,
  strayPlaceholders,
  type TemplateForm,
  toDetails,
  toForm,
  VARIABLES,
} from './form.ts'
import { Preview } from './preview.tsx'

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
  const { texts } = useSpeech()
  const label = texts.emailTemplates
  const navigate = useNavigate()
  const before = template ? toForm(template) : EMPTY
  const [form, setForm] = useState<TemplateForm>(before)
  const [tried, setTried] = useState(false)
  const stale = [emailTemplateRoutes.listEmailTemplates, emailTemplateRoutes.getEmailTemplate]
  const put = useChange(emailTemplateRoutes.putEmailTemplates, stale)
  const update = useChange(emailTemplateRoutes.updateEmailTemplate, stale)
  const guard = useUnsavedGuard(!sameJson(form, before))
  const mistakes = tried ? mistakesOf(form) : []
  const wrong = (field: Field) => mistakes.includes(field) && label.problems[field]
  const change = (changes: Partial<TemplateForm>) => setForm(old => ({ ...old, ...changes }))
  const replaces =
    !template &&
    others.some(one => one.languageTag === form.language.trim() && one.templateType === form.occasion)

  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    setTried(true)
    if (mistakesOf(form).length > 0) return showFirstMistake(event.currentTarget)
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
    <form noValidate onSubmit={save}>
      <Stack gap="lg">
        <Section title={label.settings}>
          <Group align="flex-start" gap="sm">
            <Autocomplete
              flex="1 1 12rem"
              label={label.language}
              description={label.languageHint}
              value={form.language}
              onChange={language => change({ language })}
              data={Object.keys(LANGUAGES)}
              disabled={template !== undefined}
              error={wrong('language')}
              maxLength={16}
              required
            />
            <NativeSelect
              flex="1 1 12rem"
              label={label.occasion}
              description={texts.usage[form.occasion]}
              value={form.occasion}
              onChange={event => change({ occasion: event.currentTarget.value as TemplateForm['occasion'] })}
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
            label={label.subject}
            value={form.subject}
            onChange={event => change({ subject: event.currentTarget.value })}
            error={wrong('subject')}
            required
          />
          <Radio.Group
            label={label.kind}
            value={form.kind}
            onChange={kind => change({ kind: kind as TemplateForm['kind'] })}
          >
            <Group mt="xs">
              <Radio value="text/html" label={label.html} />
              <Radio value="text/plain" label={label.plain} />
            </Group>
          </Radio.Group>
          <Textarea
            label={label.content}
            value={form.content}
            onChange={event => change({ content: event.currentTarget.value })}
            error={wrong('content')}
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
          <Problem error={put.error ?? update.error} />
          <Button type="submit" ml="auto" loading={put.isPending || update.isPending}>
            {texts.common.save}
          </Button>
        </Section>
        <Section title={label.preview}>
          <Preview form={form} />
        </Section>
      </Stack>
      <UnsavedQuestion blocker={guard.blocker} />
    </form>
  )
}
