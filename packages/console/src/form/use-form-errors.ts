import type { Route } from '@countersign/api'
import { issuesOf } from '@countersign/kit/issues'
import { useRef, useState } from 'react'
import { ApiError, type Issue } from '../api-error.ts'
import { sameJson } from '../connector/draft.ts'
import { useSpeech } from '../language.tsx'
import { type Labels, labelOf, placeIssues } from './place-issues.ts'

interface Options<L extends Labels> {
  /** What each field is called, by the path of its member in what is sent. */
  labels: L
  /** What keeps the form from being sent, by field. */
  mistakes?: Readonly<Partial<Record<keyof L, string | undefined>>>
  /** What is sent, and what the server takes: what it would refuse is a mistake already. */
  body?: { takes: Route['body']; sent: unknown }
  /** Why the server refused it. */
  error: unknown
  /** Where the form has what stands elsewhere in what is sent. */
  placed?: (path: Issue['path']) => Issue['path']
  /** What stands in each field: what the server says of one is answered when it says something else. */
  values: Readonly<Record<keyof L, unknown>>
}

/** What a schema has against what is to be sent, as the server would say it. */
function refusalOf(body: Options<Labels>['body']): ApiError | undefined {
  const error = body?.takes?.safeParse(body.sent).error
  return error && new ApiError(400, 'guard.invalid_input', '', { issues: issuesOf(error, body?.sent) })
}

/**
 * When a form says what is wrong, and where. A field is complained about when it was left after something was typed in
 * it, and every field once somebody tried to save; what the server said stands at the field that it named.
 */
export function useFormErrors<L extends Labels>(options: Options<L>) {
  type Field = keyof L & string
  const { labels, error, values } = options
  const { texts } = useSpeech()
  const refusals = placeIssues(refusalOf(options.body), labels, texts, options.placed).at
  const own: Partial<Record<keyof L, string | undefined>> = options.mistakes ?? {}
  const edited = useRef(new Set<string>())
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState({ error, values })
  if (refused.error !== error) setRefused({ error, values })
  const { at, elsewhere } = placeIssues(error, labels, texts, options.placed)

  const mistakeAt = (field: Field): string | undefined => own[field] ?? refusals.get(field)
  const stillSaid = (field: Field) =>
    sameJson(refused.values[field], values[field]) ? at.get(field) : undefined
  const errorAt = (field: Field): string | undefined =>
    ((tried || left.has(field)) && mistakeAt(field)) || stillSaid(field)
  const fields = Object.keys(labels) as Field[]

  return {
    /** What a control with a name of its own takes. */
    field: (field: Field) => ({ name: field, label: labelOf(labels, field), error: errorAt(field) }),
    /** What a group of controls takes, which nobody can point at: its complaint is read out when it appears. */
    group: (field: Field) => ({
      label: labelOf(labels, field),
      error: errorAt(field),
      errorProps: { role: 'alert' },
    }),
    errorAt,
    /** What is about no field. */
    elsewhere,
    /** What keeps it from being sent. */
    mistakes: fields.map(mistakeAt).filter(mistake => mistake !== undefined),
    /** What the server said last; another one is another refusal. */
    refusal: error,
    isMarked: fields.some(field => errorAt(field) !== undefined),
    typed(field: string): void {
      edited.current.add(field)
    },
    wasTyped: (field: string): boolean => edited.current.has(field) && !left.has(field),
    leave: (field: string): void => setLeft(before => new Set(before).add(field)),
    /** Says whether it may be sent; from then on every field says why not. */
    check(): boolean {
      setTried(true)
      return fields.every(field => mistakeAt(field) === undefined)
    },
    /** After it was saved: as if nobody had touched it. */
    start(): void {
      edited.current.clear()
      setLeft(new Set())
      setTried(false)
    },
  }
}

export type FormErrors = Pick<
  ReturnType<typeof useFormErrors>,
  'elsewhere' | 'mistakes' | 'refusal' | 'isMarked' | 'typed' | 'wasTyped' | 'leave' | 'check'
>
