import type { CatalogEntry } from '@countersign/api'
import { useEffect, useRef, useState } from 'react'
import type { Issue } from '../api-error.ts'
import { afterPress } from '../frame/after-press.ts'
import { showFirstMistake } from '../frame/first-mistake.ts'
import { useSpeech } from '../language.tsx'
import { type Draft, isTouched, sameJson } from './draft.ts'
import { isUnfinished, startsWith, useFindings } from './findings.tsx'
import { useMemberWords } from './member-words.ts'

type Path = Issue['path']

const meet = (one: Path, other: Path) => startsWith(one, other) || startsWith(other, one)

/**
 * What is said of each member of a draft, and when: what the server has refused at once, what is found when the field
 * was left after it was changed. Of settings that are saved already everything is said that is found in them.
 */
export function useSaid(entry: CatalogEntry, draft: Draft, isSaved: boolean) {
  const { pick } = useSpeech()
  const words = useMemberWords(entry)
  const found = useFindings(entry.id, draft.config)
  const [active, setActive] = useState<Path>()
  const isRefused = (path: Path) => draft.issues.some(issue => sameJson(issue.path, path))
  const news = found.filter(
    ({ path }) => !(active && meet(path, active)) && !isRefused(path) && (isSaved || isTouched(draft, path)),
  )
  const missing = news
    .filter(finding => isUnfinished(finding) && isTouched(draft, finding.path))
    .map(({ path, code, message }) => ({
      path,
      message: code === 'field_missing' ? words.atField({ path, message: 'is required' }) : pick(message),
    }))
  return {
    words,
    /** At the fields. */
    issues: [...draft.issues.map(issue => ({ path: issue.path, message: words.atField(issue) })), ...missing],
    /** Of what the form has no field for. */
    elsewhere: draft.issues.filter(({ path }) => !words.has(path)).map(words.elsewhere),
    findings: news.filter(finding => !isUnfinished(finding)),
    /** The member that is being changed: nothing is said of it until it is left. */
    change: setActive,
    leave(): void {
      const left = active
      // By then somebody may be changing the next member.
      afterPress(() => setActive(now => (now === left ? undefined : now)))
    },
  }
}

/** Leads to the first field that is wrong, each time the server has named some. */
export function useReports() {
  const [reported, setReported] = useState(0)
  const form = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (reported > 0 && form.current) showFirstMistake(form.current)
  }, [reported])
  return { reported, form, count: () => setReported(before => before + 1) }
}
