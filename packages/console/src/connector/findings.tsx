import { consoleRoutes, type Finding } from '@countersign/api'
import { isObject } from '@countersign/kit/json'
import { Text } from '@mantine/core'
import { createContext, useContext, useEffect, useState } from 'react'
import { call } from '../client.ts'
import { RemedyLinks } from '../frame/remedy-links.tsx'
import { useSpeech } from '../language.tsx'
import { pathName } from './configuration-issues.ts'
import { type Configuration, readAt, sameJson } from './draft.ts'

type Path = readonly (string | number)[]

/** Long enough that a half-typed word is not complained about, in milliseconds. */
const PAUSE = 700

/** What is still empty: an error of its field once somebody has emptied it, and no advice. */
const UNFINISHED = ['field_missing', 'usage_types_missing']

/** Whether a finding says no more than that something is still missing. */
export const isUnfinished = ({ code }: Pick<Finding, 'code'>): boolean => UNFINISHED.includes(code)

/** What the server sees in a configuration without asking the provider, a moment after it was changed. */
export function useFindings(id: string, config: Configuration): readonly Finding[] {
  const [seen, setSeen] = useState<{ in: Configuration; findings: readonly Finding[] }>({
    in: config,
    findings: [],
  })
  useEffect(() => {
    let current = true
    const look = async () => {
      // Advice must not get in the way: when the server cannot give it, there is none.
      const all = await call(consoleRoutes.lintConnection, { params: { id }, body: { config } }).catch(
        () => [],
      )
      if (current) setSeen({ in: config, findings: all })
    }
    const timer = setTimeout(() => void look(), PAUSE)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [id, config])
  // What was found at a member is no longer said once the member says something else.
  return seen.findings.filter(({ path }) => sameJson(readAt(seen.in, path), readAt(config, path)))
}

/** The findings of the configuration that is being edited. */
export const FindingsContext = createContext<readonly Finding[]>([])

export const startsWith = (path: Path, start: Path) => start.every((key, index) => path[index] === key)

/** Whether anything is found at a member or below it. */
export const useHasFindings = (paths: readonly Path[]): boolean => {
  const findings = useContext(FindingsContext)
  return findings.some(({ path }) => paths.some(start => startsWith(path, start)))
}

/** What is found at a member, or at any of several, once; `deep` takes what is found below it, too. */
export function FindingNotes({
  path,
  paths = path ? [path] : [],
  deep,
}: {
  path?: Path
  paths?: readonly Path[]
  deep?: boolean
}) {
  const { pickAll } = useSpeech()
  const said = new Set<string>()
  const once = useContext(FindingsContext).filter(finding => {
    const at = paths.find(each => startsWith(finding.path, each))
    if (!at || !(deep || finding.path.length === at.length)) return false
    const below = `${finding.code} ${pathName(finding.path.slice(at.length))}`
    return !said.has(below) && said.add(below)
  })
  return once.map(({ path: at, code, severity, message, remedy, links }) => (
    <Text
      key={`${pathName(at)} ${code}`}
      size="xs"
      role="note"
      c={severity === 'error' ? 'red' : 'light-dark(#8a5a00, #f0c46c)'}
    >
      {pickAll(message, remedy)} <RemedyLinks links={links} size="xs" />
    </Text>
  ))
}

/** The findings of what is being edited, for whoever shows them in its own way. */
export const useShownFindings = (): readonly Finding[] => useContext(FindingsContext)

/** Whether a value says something that the default does not. */
export const isSet = (value: unknown, fallback: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== '' &&
  value !== fallback &&
  !(isObject(value) && Object.keys(value).length === 0)
