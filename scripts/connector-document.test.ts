import { connectors } from '@countersign/connectors'
import { describeSettings } from '@countersign/kit'
import { expect, test } from 'vitest'
import { connectorDocuments, staleDocuments } from './connector-document.ts'

test('docs/connectors says what the connectors say; write it with node scripts/write-connectors.ts', () => {
  expect(staleDocuments()).toEqual([])
})

test.each(connectors.map(connector => [connector.id, connector] as const))(
  'the documents of %s name every setting and every code, in English and Chinese',
  (id, connector) => {
    const documents = connectorDocuments()
    for (const path of [`docs/connectors/${id}.md`, `docs/connectors/${id}.zh-CN.md`]) {
      const text = documents.get(path)!
      for (const { key } of describeSettings(connector.settings)) expect(text).toContain(`| \`${key}\` |`)
      for (const code of Object.keys(connector.failures)) expect(text).toContain(`| \`${code}\` |`)
    }
  },
)
