import { useFormErrors } from '../form/use-form-errors.ts'
import { useSpeech } from '../language.tsx'
import {
  headerField,
  mistakesOf,
  placeInForm,
  type WebhookForm,
  type Wrong,
  type WrongHeader,
} from './form.ts'

/** What the form of a webhook says of each field. */
export function useWebhookErrors(form: WebhookForm, error: unknown) {
  const { texts } = useSpeech()
  const label = texts.webhook
  const mistakes = mistakesOf(form)
  const robots = texts.robots
  const problems: Record<Wrong | WrongHeader, string> = {
    ...label.problems,
    robotAddress: robots.wrongAddress(form.form === 'json' ? '' : robots.services[form.form]),
    secret: robots.secretProblem,
  }
  const said = (mistake: Wrong | WrongHeader | undefined) => mistake && problems[mistake]
  const ofHeaders = <T>(value: (row: number, part: 'name' | 'value') => T): Record<string, T> =>
    Object.fromEntries(
      form.headers.flatMap((_, row) =>
        (['name', 'value'] as const).map(part => [headerField(row, part), value(row, part)]),
      ),
    )
  return useFormErrors<Record<string, string>>({
    labels: {
      name: texts.webhooks.name,
      form: robots.form,
      url: form.form === 'json' ? texts.webhooks.url : robots.address,
      language: robots.language,
      secret: robots.secret,
      enabled: label.enabled,
      events: label.chooseEvents,
      retries: label.retries,
      ...ofHeaders((row, part) => (part === 'name' ? label.headerName(row + 1) : label.headerValue(row + 1))),
    },
    mistakes: {
      name: said(mistakes.name),
      url: said(mistakes.url),
      secret: said(mistakes.secret),
      events: said(mistakes.events),
      ...ofHeaders((row, part) => (part === 'name' ? said(mistakes.headers[row]) : undefined)),
    },
    error,
    placed: path => placeInForm(form, path),
    values: { ...form, ...ofHeaders((row, part) => form.headers[row]?.[part]) },
  })
}

export type WebhookErrors = ReturnType<typeof useWebhookErrors>

/** What the fields of a webhook take. */
export interface FieldsProps {
  form: WebhookForm
  /** What the form says of each field. */
  errors: WebhookErrors
  change(changes: Partial<WebhookForm>): void
}
