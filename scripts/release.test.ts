import { describe, expect, it } from 'vitest'
import { whyNot } from './release-rules.ts'
import { sbomOf } from './sbom.ts'

describe('a release', () => {
  const good = {
    version: '0.1.0',
    tags: ['v0.1.0'],
    changes: '',
    changelog: '# Changelog\n\n## 0.1.0, 2026-12-01\n',
    versions: ['0.1.0', '0.1.0'],
    env: { CI: 'true', ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example' },
  }

  it('is published from a clean tag in continuous integration', () => expect(whyNot(good)).toEqual([]))

  it.each([
    ['no tag', { tags: [''] }, 'v0.1.0'],
    ['the tag of another version', { tags: ['v0.1.1'] }, 'v0.1.0'],
    ['changes', { changes: ' M README.md' }, 'Commit them'],
    ['no date in the changelog', { changelog: '## 0.1.0, unreleased\n' }, 'CHANGELOG.md'],
    ['a package of another version', { versions: ['0.1.0', '0.0.9'] }, 'Not every package'],
    ['somebody’s own machine', { env: {} }, 'id-token: write'],
  ])('is not with %s', (_, other, said) => {
    expect(whyNot({ ...good, ...other })).toEqual([expect.stringContaining(said)])
  })
})

describe('the bill of materials of the package', () => {
  const part = (name: string) => ({ 'bom-ref': `${name}@1.0.0`, name, version: '1.0.0' })
  const whole = {
    metadata: {},
    components: [part('hono'), part('vite'), part('@scope/used')],
    dependencies: [
      { ref: 'hono@1.0.0', dependsOn: ['vite@1.0.0', '@scope/used@1.0.0'] },
      { ref: 'vite@1.0.0' },
      { ref: '@scope/used@1.0.0' },
    ],
  }
  const about = { name: 'countersign', version: '0.1.0' }

  it('has what is bundled and nothing else', () => {
    const bill = sbomOf(whole, '# Licences\n\n## hono 1.0.0\n\nMIT\n\n## @scope/used 1.0.0\n', about)
    expect(bill.components.map(({ name }) => name)).toEqual(['hono', '@scope/used'])
    expect(bill.metadata.component).toMatchObject({ ...about, purl: 'pkg:npm/countersign@0.1.0' })
    expect(bill.dependencies).toEqual([
      { ref: 'countersign@0.1.0', dependsOn: ['hono@1.0.0', '@scope/used@1.0.0'] },
      { ref: 'hono@1.0.0', dependsOn: ['@scope/used@1.0.0'] },
      { ref: '@scope/used@1.0.0', dependsOn: [] },
    ])
  })

  it('is none of a build of another lock file', () => {
    expect(() => sbomOf(whole, '## hono 2.0.0\n', about)).toThrow('hono@2.0.0')
  })
})
