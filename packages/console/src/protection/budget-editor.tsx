import {
  AT_HARD,
  applicationRoutes,
  type Budget,
  type BudgetSettings,
  budgetProblem,
  budgetRoutes,
  connectionRoutes,
  consoleRoutes,
} from '@countersign/api'
import { Button, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { choicesOf } from '../connector/saved.ts'
import { countryChoices } from '../experience/country-choices.ts'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { Dialog } from '../frame/dialog.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'
import { type BudgetForm, fromBudgetForm, movesInForm, scopesOf, toBudgetForm } from './budget-form.ts'

/** What budgets may be for, by scope. */
export function useSubjects() {
  const { language, pick } = useSpeech()
  const { data: catalog = [] } = useRoute(consoleRoutes.listCatalog)
  const { data: connections = [] } = useRoute(connectionRoutes.listConnections)
  const { data: applications = [] } = useRoute(applicationRoutes.listApplications)
  return {
    all: [],
    country: countryChoices(language),
    connection: choicesOf(connections, catalog, pick),
    application: applications.map(({ id, name }) => ({ value: id, label: name })),
  } satisfies Record<Budget['scope'], { value: string; label: string }[]>
}

type Written =
  | 'name'
  | 'timeZone'
  | 'currency'
  | 'soft'
  | 'hard'
  | 'keptForKnown'
  | 'segments'
  | 'assumedPrice'

/** What is wrong with the form, in words of the console. */
function useMistakes(form: BudgetForm, body: BudgetSettings) {
  const { texts } = useSpeech()
  const { labels, wrong } = texts.budgets
  const amount = (name: 'soft' | 'hard' | 'assumedPrice') => {
    const value = body[name]
    return value !== null && !(value > 0) ? wrong.amount : undefined
  }
  const problem = budgetProblem(body)?.path[0]
  return {
    name: form.name.trim() === '' ? texts.form.empty(labels.name) : undefined,
    currency: /^[A-Z]{3}$/.test(form.currency) ? undefined : wrong.currency,
    soft: amount('soft') ?? (problem === 'soft' ? wrong.soft : undefined),
    hard: amount('hard') ?? (problem === 'hard' ? wrong.hard : undefined),
    keptForKnown: body.keptForKnown >= 0 && body.keptForKnown <= 90 ? undefined : wrong.keptForKnown,
    segments: body.segments >= 1 && body.segments <= 20 ? undefined : wrong.segments,
    assumedPrice: amount('assumedPrice'),
    subject: problem === 'subject' ? wrong.subject : undefined,
    scope: problem === 'scope' ? wrong.scope : undefined,
  }
}

/** Makes a budget, or changes one. */
export function BudgetEditor({ budget, onClose }: { budget?: Budget; onClose(): void }) {
  const { texts } = useSpeech()
  const label = texts.budgets
  const [form, setForm] = useState(() => toBudgetForm(budget))
  const create = useChange(budgetRoutes.createBudget, [budgetRoutes.listBudgets])
  const update = useChange(budgetRoutes.updateBudget, [budgetRoutes.listBudgets])
  const subjects = useSubjects()
  const body = fromBudgetForm(form)
  const errors = useFormErrors({
    labels: label.labels,
    mistakes: useMistakes(form, body),
    error: create.error ?? update.error,
    values: form,
  })
  const change = (changes: Partial<BudgetForm>) => setForm(before => ({ ...before, ...changes }))

  const text = (name: Written, more: object = {}) => (
    <TextInput
      {...errors.field(name)}
      value={form[name]}
      onChange={event => change({ [name]: event.currentTarget.value })}
      autoComplete="off"
      {...more}
    />
  )
  const choice = <N extends 'channel' | 'period' | 'scope' | 'atHard'>(
    name: N,
    values: readonly BudgetForm[N][],
    names: Record<BudgetForm[N], string>,
    also: (value: BudgetForm[N]) => Partial<BudgetForm> = () => ({}),
    more: object = {},
  ) => (
    <NativeSelect
      {...errors.field(name)}
      value={form[name]}
      onChange={event => {
        const value = event.currentTarget.value as BudgetForm[N]
        change({ [name]: value, ...also(value) })
      }}
      data={values.map(value => ({ value, label: names[value] }))}
      {...more}
    />
  )

  function save() {
    const done = {
      onSuccess: () => {
        notifications.show({ color: 'green', message: label.saved })
        onClose()
      },
    }
    if (budget) update.mutate({ params: { id: budget.id }, body }, done)
    else create.mutate({ body }, done)
  }

  return (
    <Dialog opened onClose={onClose} title={budget ? label.changeNamed(budget.name) : label.add} size="lg">
      <Form of={errors} onSubmit={save}>
        <Stack>
          {text('name', { required: true, maxLength: 128, 'data-autofocus': true })}
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            {choice('channel', ['sms', 'email'], label.channels, channel =>
              scopesOf(channel).includes(form.scope) ? {} : { scope: 'all', subject: '' },
            )}
            {choice('period', ['day', 'month'], label.periods)}
            {choice('scope', scopesOf(form.channel), label.scopes, () => ({ subject: '' }))}
            {form.scope !== 'all' && (
              <NativeSelect
                {...errors.field('subject')}
                value={form.subject}
                onChange={event => change({ subject: event.currentTarget.value })}
                data={[{ value: '', label: label.choose }, ...subjects[form.scope]]}
                required
              />
            )}
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, xs: 3 }}>
            {text('soft', { inputMode: 'decimal', placeholder: label.none, maxLength: 16 })}
            {text('hard', { inputMode: 'decimal', placeholder: label.none, maxLength: 16 })}
            {text('currency', { required: true, maxLength: 3 })}
          </SimpleGrid>
          <Text size="xs" c="dimmed">
            {label.amounts}
          </Text>
          {form.hard !== '' &&
            text('keptForKnown', {
              description: label.keptHint,
              inputMode: 'numeric',
              maxLength: 2,
              required: true,
            })}
          {movesInForm(form) &&
            choice('atHard', AT_HARD, label.atHard, undefined, { description: label.atHardHint })}
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            {form.channel === 'sms' &&
              text('segments', {
                description: label.segmentsHint,
                inputMode: 'numeric',
                maxLength: 2,
                required: true,
              })}
            {text('assumedPrice', {
              description: label.assumedHint,
              inputMode: 'decimal',
              placeholder: label.notCounted,
              maxLength: 16,
            })}
          </SimpleGrid>
          {text('timeZone', { description: label.timeZoneHint, required: true, maxLength: 64 })}
          <Group justify="flex-end">
            <Button type="submit" loading={create.isPending || update.isPending}>
              {texts.common.save}
            </Button>
          </Group>
        </Stack>
      </Form>
    </Dialog>
  )
}
