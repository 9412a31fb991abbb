import type { CatalogEntry, FormField } from '@countersign/api'
import type { Issue } from '../api-error.ts'
import { sayIssue } from '../form/say-issue.ts'
import { useSpeech } from '../language.tsx'

type Path = Issue['path']
type Named = Pick<FormField, 'label' | 'row'>

const PARTS = ['china', 'overseas'] as const

/** The names of a path: of the row it lies in, if any, and of the field itself; undefined where the form has none. */
function useNames({ fields }: Pick<CatalogEntry, 'fields'>) {
  const { texts, pick } = useSpeech()
  /** A field, or one half of it. */
  function ofField(field: Named | undefined, [part]: Path): string | undefined {
    const label = field && pick(field.label)
    const half = PARTS.find(each => each === part)
    return half && label ? `${label} · ${texts.connector[half]}` : label
  }
  return ([key, ...rest]: Path): { row?: string; field: string } | undefined => {
    const field = fields.find(one => one.key === key)
    const name = ofField(field, rest)
    const [index, inner, ...below] = rest
    if (name === undefined || !field?.row || typeof index !== 'number')
      return name ? { field: name } : undefined
    const row = texts.form.row(name, index + 1)
    if (inner === undefined) return { field: row }
    if (inner === 'usageType') return { row, field: texts.connector.usageType }
    const within = ofField(field.row[inner] as Named | undefined, below)
    return within === undefined ? undefined : { row, field: within }
  }
}

/** Sentences about members of a configuration, in words of the fields that a connector's form has for them. */
export function useMemberWords(entry: Pick<CatalogEntry, 'fields'>) {
  const { texts } = useSpeech()
  const namesOf = useNames(entry)
  return {
    /** Whether the form shows the member itself, so that a complaint can stand there. */
    has: (path: Path): boolean => namesOf(path) !== undefined,
    /** As it is said at the field. */
    atField: (issue: Issue): string => sayIssue(issue, namesOf(issue.path)?.field ?? '', texts.form),
    /** As it is said where the field is not in sight. */
    elsewhere(issue: Issue): string {
      const names = namesOf(issue.path)
      const label = names
        ? names.row === undefined
          ? names.field
          : texts.form.inRow(names.row, names.field)
        : issue.path.length === 0
          ? texts.connector.settings
          : texts.form.without(issue.path.join(' › '))
      return sayIssue(issue, label, texts.form)
    },
  }
}

export type MemberWords = ReturnType<typeof useMemberWords>
