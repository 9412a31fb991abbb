import {
  type CatalogEntry,
  type ConsoleState,
  consoleRoutes,
  messageRoutes,
  type TemplateDetails,
  UsageType,
} from '@countersign/api'
import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import type { Issue } from '../api-error.ts'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { Outcome } from '../frame/outcome.tsx'
import { Problem } from '../frame/problem.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { configurationIssues } from './configuration-issues.ts'
import type { Configuration } from './draft.ts'
import { IssueList } from './issue-list.tsx'
import type { MemberWords } from './member-words.ts'
import { templateLanguages } from './template-languages.ts'
import { TestOutcome } from './test-outcome.tsx'

type Usage = (typeof UsageType.options)[number]

/** The answer appears below what was just pressed, where the save bar may cover it. */
const reveal = (answer: HTMLElement | null) => {
  answer?.scrollIntoView({ block: 'nearest' })
}

/** Sends one message with the configuration as it stands in the form, saved or not. */
export function SendTest(props: {
  entry: CatalogEntry
  /** What stands in the form. */
  config: Configuration
  state: ConsoleState
  /** The configuration to send with; undefined when it cannot be used, after the operator was told. */
  ready: () => Record<string, unknown> | undefined
  /** What is still to be mended in the configuration. */
  issues: readonly Issue[]
  words: MemberWords
  onIssues: (issues: readonly Issue[]) => void
  /** An e-mail that is being written; without it, one of those in the configuration is sent. */
  mail?: { usageType: Usage; language: string; template: TemplateDetails }
}) {
  const { texts, language, pick } = useSpeech()
  const { entry, state, mail } = props
  const [to, setTo] = useState('')
  const [usageType, setUsageType] = useState<Usage>('Generic')
  const [reader, setReader] = useState<string>(language)
  const languages = mail ? [] : templateLanguages(props.config)
  const test = useChange(consoleRoutes.sendTest, [messageRoutes.listMessages])
  const sms = entry.channel === 'sms'
  const inForm = {
    to: to.trim(),
    config: props.config,
    usageType: mail?.usageType ?? usageType,
    locale: mail?.language || (languages.length > 0 ? reader : language) || undefined,
    // What stands in the form is tried, whatever else an operator has written for this occasion.
    ...(!sms && { template: mail?.template ?? null }),
  }
  const tested = test.variables?.body

  function send() {
    const config = props.ready()
    if (!config) return
    test.mutate(
      { params: { id: entry.id }, body: { ...inForm, config } },
      { onSettled: (_, error) => props.onIssues(configurationIssues(error)) },
    )
  }

  const inConfig = configurationIssues(test.error).length > 0
  const label = sms ? texts.test.phone : texts.test.email
  const form = useFormErrors({
    labels: { to: label, usageType: texts.test.usageType },
    mistakes: { to: inForm.to === '' ? texts.form.empty(label) : undefined },
    error: inConfig ? undefined : test.error,
    values: { to: inForm.to, usageType },
  })
  return (
    <Section title={texts.test.title} text={mail ? texts.test.mailText(pick(entry.name)) : texts.test.text}>
      <Form of={form} onSubmit={send} ownNotice>
        <Stack>
          <Group align="flex-start" gap="sm">
            <TextInput
              flex="2 1 14rem"
              {...form.field('to')}
              description={sms ? texts.test.phoneHint : undefined}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              type={sms ? 'tel' : 'email'}
              value={to}
              onChange={event => setTo(event.currentTarget.value)}
              placeholder={sms ? '+86 138 0013 8000' : 'name@example.com'}
              autoComplete="off"
              required
            />
            {!mail && (
              <NativeSelect
                flex="1 1 10rem"
                {...form.field('usageType')}
                data={[...UsageType.options]}
                value={usageType}
                onChange={event => setUsageType(event.currentTarget.value as Usage)}
              />
            )}
            {languages.length > 0 && (
              <NativeSelect
                flex="1 1 10rem"
                label={texts.test.language}
                data={[
                  ...[...new Set([language, ...languages])].map(tag => ({ value: tag, label: tag })),
                  { value: '', label: texts.test.otherLanguage },
                ]}
                value={reader}
                onChange={event => setReader(event.currentTarget.value)}
              />
            )}
          </Group>
          <Button
            type="submit"
            variant="light"
            w="fit-content"
            leftSection={<IconSend size={16} />}
            loading={test.isPending}
          >
            {texts.test.send}
          </Button>
          {inConfig ? (
            <IssueList title={texts.test.invalid} sentences={props.issues.map(props.words.elsewhere)} />
          ) : (
            form.elsewhere.length > 0 && (
              <Outcome of={tested} now={inForm}>
                <Problem error={test.error} />
              </Outcome>
            )
          )}
          {test.data && (
            <div ref={reveal} className="above-save-bar">
              <Outcome of={tested} now={inForm}>
                <TestOutcome result={test.data} inboxUrl={state.inboxUrl} />
              </Outcome>
            </div>
          )}
        </Stack>
      </Form>
    </Section>
  )
}
