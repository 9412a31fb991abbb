import { execFileSync } from 'node:child_process'
import { root } from './sources.ts'

/** Of a CycloneDX document what is changed here. */
interface Sbom {
  metadata: { component?: { 'bom-ref': string; name: string; version: string } & Record<string, unknown> }
  components: { 'bom-ref': string; name: string; version: string }[]
  dependencies: { ref: string; dependsOn?: string[] }[]
}

/** Everything that the lock file names, by npm. */
export const wholeSbom = (): Sbom =>
  JSON.parse(
    execFileSync(
      'npm',
      ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'],
      { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    ),
  ) as Sbom

/**
 * What of it a package really holds: the components that its list of licences names, and what these depend on of each
 * other. npm knows the hashes, the build knows what was bundled.
 *
 * @param thirdParty the text of the package's THIRD-PARTY.md
 * @param about name and version of the package
 * @throws Error naming what the list has and the lock file has not: then one of the two is of another build
 * @example sbomOf(wholeSbom(), text, { name: 'countersign', version: '0.1.0' })
 */
export function sbomOf(whole: Sbom, thirdParty: string, about: { name: string; version: string }): Sbom {
  const named = new Set(
    [...thirdParty.matchAll(/^## (\S+) (\d\S*)$/gm)].map(([, name, at]) => `${name}@${at}`),
  )
  const components = whole.components.filter(({ name, version }) => named.has(`${name}@${version}`))
  const found = new Set(components.map(({ name, version }) => `${name}@${version}`))
  const unknown = [...named].filter(each => !found.has(each))
  if (unknown.length > 0) throw new Error(`The lock file does not have ${unknown.join(', ')}: build anew`)
  const refs = new Set(components.map(component => component['bom-ref']))
  const own = `${about.name}@${about.version}`
  return {
    ...whole,
    metadata: {
      ...whole.metadata,
      component: { 'bom-ref': own, type: 'application', ...about, purl: `pkg:npm/${own}` },
    },
    components,
    dependencies: [
      { ref: own, dependsOn: [...refs] },
      ...whole.dependencies
        .filter(({ ref }) => refs.has(ref))
        .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter(each => refs.has(each)) })),
    ],
  }
}
