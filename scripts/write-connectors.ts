import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { connectorDocuments, staleDocuments } from './connector-document.ts'
import { root } from './sources.ts'

if (process.argv.includes('--check')) {
  const stale = staleDocuments()
  for (const path of stale) console.error(`${path} is out of date; run: node scripts/write-connectors.ts`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const [path, text] of connectorDocuments()) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}
