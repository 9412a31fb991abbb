import { distance } from '@countersign/kit'
import { describeConfig } from './config.ts'

const NAMES = describeConfig().map(({ name }) => name)

/** What other products, Logto first, call our settings, or where the same is set here. */
const ELSEWHERE: Record<string, { setting?: string; instead: string }> = {
  DB_URL: { setting: 'DATABASE_URL', instead: 'use DATABASE_URL' },
  DB_URI: { setting: 'DATABASE_URL', instead: 'use DATABASE_URL' },
  POSTGRESQL_URL: { setting: 'DATABASE_URL', instead: 'use DATABASE_URL' },
  POSTGRES_URL: { setting: 'DATABASE_URL', instead: 'use DATABASE_URL' },
  TRUST_PROXY_HEADER: { setting: 'TRUST_PROXY', instead: 'use TRUST_PROXY=true' },
  TRUST_PROXY_HEADERS: { setting: 'TRUST_PROXY', instead: 'use TRUST_PROXY=true' },
  ADMIN_DISABLE_LOCALHOST: {
    instead: 'the console has its port ADMIN_PORT, on this machine alone, and is never off',
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    setting: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    instead: 'use OTEL_EXPORTER_OTLP_ENDPOINT, without /v1/traces',
  },
  HTTPS_CERT_PATH: { instead: 'put a proxy with TLS before the server' },
  HTTPS_KEY_PATH: { instead: 'put a proxy with TLS before the server' },
  CASE_SENSITIVE_USERNAME: { instead: 'the sign-in experience has it as usernamePolicy.caseSensitive' },
  SECRET_VAULT_KEK: { instead: 'SECRET_KEY seals all that is secret' },
}

/** Fewer letters than this may be near to anything. */
const SHORTEST = 7

const plain = (name: string) => name.toUpperCase().replaceAll(/[^A-Z\d]/g, '')
const PLAIN_NAMES = NAMES.map(plain)

/** The setting that a name was probably to be. */
function meantBy(name: string): string | undefined {
  const own = name.startsWith('COUNTERSIGN_') ? name.slice('COUNTERSIGN_'.length) : name
  const same = NAMES[PLAIN_NAMES.indexOf(plain(own))]
  if (same !== undefined || name.length > 40) return same
  return NAMES.find(each => {
    const most = each.length >= SHORTEST + 3 ? 2 : 1
    // The lengths alone rule most of them out: environments are long, and a start waits for this.
    return (
      each.length >= SHORTEST && Math.abs(each.length - name.length) <= most && distance(name, each) <= most
    )
  })
}

/**
 * A line for each variable of the environment that is not read but looks like one that is, with the name that was
 * probably meant; of most variables nothing. Where the setting is given under its right name too, the other belongs to
 * somebody else.
 */
export function misreadSettings(env: Record<string, string | undefined>): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    // For a service called "countersign" Kubernetes puts COUNTERSIGN_PORT=tcp://… into the environment.
    if (!value || NAMES.includes(name) || /^tcp:/.test(value)) return []
    const known = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined
    const setting = known ? known.setting : meantBy(name)
    if ((!known && setting === undefined) || (setting !== undefined && env[setting])) return []
    return [`Warning: ${name} is not read here; ${known?.instead ?? `is ${setting} meant?`}`]
  })
}
