import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { none } from './complaints.ts'
import { files, textOf } from './sources.ts'

describe('documents', () => {
  it('are there', () => {
    const wanted = [
      'README.md',
      'ARCHITECTURE.md',
      'CONTRIBUTING.md',
      'SECURITY.md',
      'CHANGELOG.md',
      'LICENSE',
    ]
    none(
      [...wanted, 'docs/dependencies.md'].filter(path => !files.includes(path)),
      'Write these documents:',
    )
  })

  it('begin with a README of at most 100 lines', () => {
    expect(textOf('README.md')?.trimEnd().split('\n').length).toBeLessThanOrEqual(100)
  })

  it('say of every run-time dependency what it is for', () => {
    const manifests = files.filter(path => /^(?:packages|examples)\/[^/]+\/package\.json$/.test(path))
    const names = manifests.flatMap(path => Object.keys(JSON.parse(textOf(path)!).dependencies ?? {}))
    const text = textOf('docs/dependencies.md') ?? ''
    none(
      [...new Set(names)].filter(name => !name.startsWith('@countersign/') && !text.includes(`\`${name}\``)),
      'Write one line about each in docs/dependencies.md: what for, what was refused:',
    )
  })

  it('name a test for every threat', () => {
    const [, threats = ''] = /^## Threats.*\n([\s\S]*?)^## /m.exec(textOf('SECURITY.md') ?? '') ?? []
    const rows = threats.split('\n').filter(line => /^\| (?!threat |---)/.test(line))
    expect(rows.length).toBeGreaterThan(30)
    none(
      rows.filter(row => !/\.test\.ts\)[^|]*\|$/.test(row)).map(row => row.slice(0, 80)),
      'Name the test that holds it, in the last column of SECURITY.md:',
    )
  })

  it('link only to files that exist', () => {
    const broken = files
      .filter(path => path.endsWith('.md') && !path.startsWith('packages/connectors/'))
      .flatMap(path =>
        [...textOf(path)!.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(match => ({
          path,
          link: match[1]!,
        })),
      )
      .filter(
        ({ path, link }) => textOf(join(path, '..', link)) === undefined && !isFolder(join(path, '..', link)),
      )
    none(
      broken.map(({ path, link }) => `${path} links to ${link}`),
      'Mend these links:',
    )
  })

  it('link only to headings that exist', () => {
    const broken = files
      .filter(path => path.endsWith('.md') && !path.startsWith('packages/connectors/'))
      .flatMap(path =>
        [...textOf(path)!.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)].map(([, file, anchor]) => ({
          path,
          to: file ? join(path, '..', file) : path,
          anchor: anchor!,
        })),
      )
      .filter(({ to, anchor }) => !anchorsOf(textOf(to) ?? '').includes(anchor))
    none(
      broken.map(({ path, to, anchor }) => `${path} links to ${to}#${anchor}`),
      'Mend these links:',
    )
  })
})

/** The names by which a document's headings can be linked to. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function isFolder(path: string): boolean {
  return files.some(file => file.startsWith(`${path.replace(/\/$/, '')}/`))
}
