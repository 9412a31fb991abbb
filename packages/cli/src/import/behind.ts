import { Stop } from '../exit-codes.ts'
import { member } from './reading.ts'
import type { Source } from './source.ts'

/** What a Logto may have besides what is moved: its name for people, how many there are, and what helps. */
const BEHIND = {
  organizations: { words: 'organizations', count: source => source.count('/api/organizations') },
  roles: {
    words: 'roles of users',
    count: source => source.count('/api/roles?type=User'),
    remedy:
      'Tokens carry no scopes that came from roles: let your APIs decide by the user (sub), or by custom data.',
  },
  webhooks: {
    words: 'webhooks',
    count: source => source.count('/api/hooks'),
    remedy: 'Set webhooks up anew: docs/webhooks.md.',
  },
  ssoConnectors: { words: 'enterprise sign-ins', count: source => source.count('/api/sso-connectors') },
  jwtCustomizers: {
    words: 'JWT customizers',
    count: source => lengthOf(source, '/api/configs/jwt-customizer'),
    remedy:
      'Tokens carry no claims of their making: let your APIs read what they need, such as custom_data at userinfo.',
  },
  profileFields: {
    words: 'custom profile fields',
    count: source => lengthOf(source, '/api/custom-profile-fields'),
    remedy:
      'What users have entered comes along; the pages here ask for no more. Ask in your application, and write it with PATCH /api/my-account/profile.',
  },
  accountCenter: {
    words: 'account-center settings',
    count: async source => (member(await source.get('/api/account-center'), 'enabled') === true ? 1 : 0),
    remedy: 'Open the account API anew, field by field: docs/account-api.md.',
  },
} as const satisfies Record<string, Entry>

interface Entry {
  words: string
  count(source: Source): Promise<number | undefined>
  remedy?: string
}

/** How many of each there are. */
export type Behind = Record<keyof typeof BEHIND, number>

/** For people: what stays behind, in one line, and what helps. */
export interface BehindWords {
  parts: string[]
  remedies: string[]
}

async function lengthOf(source: Source, path: string): Promise<number | undefined> {
  const found = await source.get(path)
  return Array.isArray(found) ? found.length : undefined
}

/** Counts what stays behind; what cannot be counted is left out. */
export async function countBehind(source: Source): Promise<Partial<Behind>> {
  const counted = await Promise.all(
    Object.entries(BEHIND).map(async ([name, { count }]) => [name, await quietly(count(source))] as const),
  )
  return Object.fromEntries(counted.filter(([, count]) => count !== undefined && count > 0))
}

/** Only for the note on what stays behind: not worth ending for. */
async function quietly(count: Promise<number | undefined>): Promise<number | undefined> {
  try {
    return await count
  } catch (error) {
    if (error instanceof Stop) return undefined
    throw error
  }
}

/** What to tell people of what stays behind. */
export function wordsOf(behind: Partial<Behind>): BehindWords {
  const entry = (name: string): Entry => BEHIND[name as keyof Behind]
  return {
    parts: Object.entries(behind).map(([name, count]) => `${entry(name).words} (${count})`),
    remedies: Object.keys(behind).flatMap(name => entry(name).remedy ?? []),
  }
}
