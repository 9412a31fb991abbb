import { describe, expect, test } from 'vitest'
import { describeConfig } from './config.ts'
import { misreadSettings } from './misread-settings.ts'

describe('a variable of the environment that is not read', () => {
  test.each([
    ['DB_URL', 'Warning: DB_URL is not read here; use DATABASE_URL'],
    ['TRUST_PROXY_HEADER', 'Warning: TRUST_PROXY_HEADER is not read here; use TRUST_PROXY=true'],
    ['HTTPS_CERT_PATH', 'Warning: HTTPS_CERT_PATH is not read here; put a proxy with TLS before the server'],
    ['DATABSE_URL', 'Warning: DATABSE_URL is not read here; is DATABASE_URL meant?'],
    ['DATABASE_URI', 'Warning: DATABASE_URI is not read here; is DATABASE_URL meant?'],
    ['database-url', 'Warning: database-url is not read here; is DATABASE_URL meant?'],
    ['DATADIR', 'Warning: DATADIR is not read here; is DATA_DIR meant?'],
    ['ADMIN_PROT', 'Warning: ADMIN_PROT is not read here; is ADMIN_PORT meant?'],
    ['TRUSTED_PROXY', 'Warning: TRUSTED_PROXY is not read here; is TRUST_PROXY meant?'],
    ['COUNTERSIGN_SECRET_KEY', 'Warning: COUNTERSIGN_SECRET_KEY is not read here; is SECRET_KEY meant?'],
  ])('but looks like one that is, as %s, is told of with the name that was meant', (name, line) => {
    const told = misreadSettings({ [name]: 'a secret value' })
    expect(told).toEqual([line])
  })

  test('is no matter where the right one is given too', () => {
    expect(misreadSettings({ DB_URL: 'x', DATABASE_URL: 'postgres://x' })).toEqual([])
  })

  test('is no matter where it is like none of ours, as most are', () => {
    const usual =
      `PATH HOME HOSTNAME HOSTS PORTS POST PWD SHELL TERM LANG LC_ALL USER LOGNAME TZ TMPDIR NODE_ENV
      NODE_OPTIONS npm_config_cache npm_package_name NPM_TOKEN CI DEBUG EDITOR CLOUD CLOUDSDK_CONFIG DATABASE_PASSWORD
      DATABASE_HOST DATABASE_NAME DATABASE_PORT PGHOST PGPORT PGPASSWORD REDIS_URL REDIS_PORT SMTP_HOST SMTP_PORT
      METRICS_PORT DEV_PORT HTTP_PORT HTTP_PROXY HTTPS_PROXY NO_PROXY SECRET_KEY_BASE SESSION_SECRET API_KEY LOG_FORMAT
      LOG_DIR DATA_PATH XDG_DATA_DIRS XDG_DATA_HOME DATA_SOURCE AWS_SECRET_ACCESS_KEY LOGTO_ENDPOINT LOGTO_APP_SECRET
      TEST_DATABASE_URL TOUR_DATABASE_URL KUBERNETES_PORT KUBERNETES_SERVICE_HOST UV_THREADPOOL_SIZE NO_COLOR START_TRACE
      INVOCATION_ID JOURNAL_STREAM SYSTEMD_EXEC_PID`.split(/\s+/)
    expect(misreadSettings(Object.fromEntries(usual.map(name => [name, 'x'])))).toEqual([])
    expect(misreadSettings({ COUNTERSIGN_PORT: 'tcp://10.0.0.1:3001' })).toEqual([])
    expect(misreadSettings(Object.fromEntries(describeConfig().map(({ name }) => [name, 'x'])))).toEqual([])
  })
})
