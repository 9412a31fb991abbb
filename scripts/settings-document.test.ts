import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../packages/server/src/config.ts'
import { SETTINGS_DOCUMENT, settingsDocument } from './settings-document.ts'

test('docs/settings.md lists the settings as the server reads them; write it with node scripts/write-settings.ts', () => {
  expect(readFileSync(SETTINGS_DOCUMENT, 'utf8')).toBe(settingsDocument())
})

test('an empty environment gives the development world on the documented ports', () => {
  expect(readConfig({})).toMatchObject({
    port: 3001,
    adminPort: 3002,
    simulatorsPort: 3003,
    demoPort: 3004,
    endpoint: 'http://localhost:3001',
    clouds: 'simulated',
    dataDir: './data',
  })
})

test('every wrong setting is named at once, each with its remedy', () => {
  const wrong = {
    PORT: 'eighty',
    ENDPOINT: 'sign-in.example.com',
    ADMIN_ENDPOINT: 'https://example.com/console',
    CLOUDS: 'some',
    DATABASE_URL: 'mysql://localhost',
    SECRET_KEY: 'short',
    TRUST_PROXY: 'maybe',
    SEND_TIMEOUT: '1',
    REFRESH_RETRY_SECONDS: '2',
    METRICS_PORT: 'many',
    METRICS_TOKEN: 'aaaaaaaaaaaaaaaaaaaaaaaa',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
    BOOTSTRAP_CLIENT_ID: 'only-the-id',
  }
  const error = catching(() => readConfig(wrong))
  expect(error).toBeInstanceOf(ConfigError)
  for (const name of [
    'PORT',
    'ENDPOINT',
    'ADMIN_ENDPOINT',
    'CLOUDS',
    'DATABASE_URL',
    'SECRET_KEY',
    'TRUST_PROXY',
    'SEND_TIMEOUT',
    'REFRESH_RETRY_SECONDS',
    'METRICS_PORT',
    'METRICS_TOKEN',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'BOOTSTRAP_CLIENT_SECRET',
  ])
    expect((error as Error).message).toMatch(new RegExp(`^ *${name}: .+`, 'm'))
})

test('metrics are for this machine alone, unless a token guards them', () => {
  expect(readConfig({}).metrics).toBeUndefined()
  expect(readConfig({ METRICS_PORT: '9464' }).metrics).toEqual({ port: 9464, host: '127.0.0.1' })
  const open = { METRICS_PORT: '9464', METRICS_HOST: '0.0.0.0' }
  expect(String(catching(() => readConfig(open)))).toContain('METRICS_TOKEN: is missing')
  const token = 'Zq81vXoP3nTkR7cWm5LdYb2H'
  expect(readConfig({ ...open, METRICS_TOKEN: token }).metrics).toMatchObject({ host: '0.0.0.0', token })
})

function catching(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
