import { type Connector, type Finding, type LintContext, numbersAsTexts } from '@countersign/kit'
import { underOurNames } from '../logto/members.ts'
import type { Draft } from './finding.ts'
import { unknownMembers } from './members.ts'
import { refusals } from './refusals.ts'

const sameAs = (a: Finding['path'], b: Finding['path']) => a.join('.') === b.join('.')

/**
 * What is wrong with a configuration, or will be once messages go out: what the settings refuse, then what the
 * connector knows of its cloud. Asks nobody. Where both speak of one member, the connector says it better.
 */
export function lintWith(connector: Connector, given: Draft, context: LintContext): Finding[] {
  // As it is read when it is saved.
  const draft = numbersAsTexts(connector.settings, underOurNames(connector, given, 'ours'))
  const known = connector.lint?.(draft, context) ?? []
  const refused = refusals(connector, draft).filter(
    ({ path }) => !known.some(one => one.severity === 'error' && sameAs(one.path, path)),
  )
  // Of a package's configuration the form may know but a part.
  const unknown = connector.lint ? unknownMembers(connector.settings, draft) : []
  return [...refused, ...known, ...unknown].map(finding => {
    const links = connector.pagesIn?.(finding.remedy) ?? []
    return links.length > 0 ? { ...finding, links } : finding
  })
}
