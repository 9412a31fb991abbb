import { useFormErrors } from '../form/use-form-errors.ts'
import { useSpeech } from '../language.tsx'
import { headerField, mistakesOf, placeInForm, type WebhookForm } from './form.ts'

/** What the form of a webhook says of each field. */
export function useWebhookErrors(form: WebhookForm, error: unknown) {
  const { texts } = useSpeech()
  const label = texts.webhook
  const mistakes = mistakesOf(form)
  const said = (mistake: keyof typeof label.problems | undefined) => mistake && label.problems[mistake]
  const ofHeaders = <T>(value: (row: number, part: 'name' | 'value') => T): Record<string, T> =>
    Object.fromEntries(
      form.headers.flatMap((_, row) =>
        (['name', 'value'] as const).map(part => [headerField(row, part), value(row, part)]),
      ),
    )
  return useFormErrors<Record<string, string>>({
    labels: {
      name: texts.webhooks.name,
      url: texts.webhooks.url,
      enabled: label.enabled,
      events: label.chooseEvents,
      retries: label.retries,
      ...ofHeaders((row, part) => (part === 'name' ? label.headerName(row + 1) : label.headerValue(row + 1))),
    },
    mistakes: {
      name: said(mistakes.name),
      url: said(mistakes.url),
      events: said(mistakes.events),
      ...ofHeaders((row, part) => (part === 'name' ? said(mistakes.headers[row]) : undefined)),
    },
    error,
    placed: path => placeInForm(form, path),
    values: { ...form, ...ofHeaders((row, part) => form.headers[row]?.[part]) },
  })
}

export type WebhookErrors = ReturnType<typeof useWebhookErrors>
