import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'

const MODULES = resolve(import.meta.dirname, '../../../../node_modules')

/** A connectors' folder for one test. */
export interface ConnectorsFolder {
  path: string
  /** Puts a published package there, under any folder name; as a link, as a package manager would. */
  link(folder: string, name: string): void
  /** Copies a published package there: all its files but none of its dependencies. */
  copy(folder: string, name: string): void
  /** Writes a package there: file name → text. */
  write(folder: string, files: Record<string, string>): void
}

/** Makes an empty connectors' folder; it goes when the test is over. */
export function connectorsFolder(): ConnectorsFolder {
  const path = mkdtempSync(join(tmpdir(), 'countersign-connectors-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return {
    path,
    link: (folder, name) => symlinkSync(join(MODULES, name), join(path, folder), 'dir'),
    copy: (folder, name) => cpSync(join(MODULES, name), join(path, folder), { recursive: true }),
    write(folder, files) {
      for (const [name, text] of Object.entries(files)) {
        const file = join(path, folder, name)
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, text)
      }
    },
  }
}

/** The manifest of a package made for a test. */
export const manifest = (change: Record<string, unknown> = {}): string =>
  JSON.stringify({
    name: 'connector-made-for-tests',
    version: '1.0.0',
    type: 'module',
    dependencies: { '@logto/connector-kit': '^5.0.0' },
    ...change,
  })

/** Source of a creator function; its parts are JavaScript. */
export const creatorSource = ({
  id = 'made-for-tests',
  type = "'Sms'",
  metadata = '',
  send = 'return undefined',
  before = '',
} = {}): string => `${before}
const metadata = {
  id: '${id}', target: 'tests', platform: null, logo: './logo.svg', logoDark: null, readme: './README.md',
  name: { en: 'Made for tests' }, description: { en: 'Sends nothing' }, ${metadata}
}
const createConnector = async ({ getConfig }) => ({
  type: ${type},
  metadata,
  configGuard: {
    safeParse: config =>
      typeof config?.key === 'string'
        ? { success: true, data: config }
        : {
            success: false,
            error: {
              issues: [{ code: 'invalid_type', expected: 'string', received: 'undefined', path: ['key'], message: 'Required' }],
            },
          },
  },
  async sendMessage(data, config) { ${send} },
})
`
