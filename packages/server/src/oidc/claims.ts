import { isObject } from '@countersign/kit'
import type { StoredUser } from '../users/users.ts'

/** Scopes and the claims that each opens, as in Logto. */
export const CLAIMS: Record<string, string[]> = {
  openid: ['sub'],
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
    'username',
    'created_at',
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
  custom_data: ['custom_data'],
  identities: ['identities', 'sso_identities'],
  roles: ['roles'],
}

/** Lets an application read and end its user's sessions; opens no claim. */
export const SESSIONS_SCOPE = 'urn:logto:scope:sessions'

export const SCOPES = [
  'openid',
  'offline_access',
  ...Object.keys(CLAIMS).filter(scope => scope !== 'openid'),
  SESSIONS_SCOPE,
]

/** Fields of the stored profile, by claim. */
const PROFILE: Record<string, string> = {
  family_name: 'familyName',
  given_name: 'givenName',
  middle_name: 'middleName',
  nickname: 'nickname',
  profile: 'profile',
  website: 'website',
  gender: 'gender',
  birthdate: 'birthdate',
  zoneinfo: 'zoneinfo',
  locale: 'locale',
}

/** Applications make links of these two; what was stored before they were checked may be a program. */
const mayBeTold = (claim: string, value: unknown) =>
  !(claim === 'website' || claim === 'profile') ||
  (typeof value === 'string' && /^(?:https?:|$)/i.test(value))

const hasValue = (value: unknown) => value !== null && value !== undefined && value !== ''

const withValues = (claims: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => hasValue(value)))

/**
 * What an application may show for the user. Where nothing was chosen it is the first thing that there is and that the
 * scopes open anyway; the id, which every application knows, when there is nothing else.
 */
function preferredName(user: StoredUser, scopes: ReadonlySet<string>): unknown {
  const { profile, username, primaryEmail, primaryPhone, name, id } = user
  const opened = [scopes.has('email') && primaryEmail, scopes.has('phone') && primaryPhone]
  return [profile.preferredUsername, username, ...opened, name].find(each => each && hasValue(each)) ?? id
}

/**
 * Every claim about a user that has a value; oidc-provider picks those that the scopes open. What can grow large stays
 * out of ID tokens.
 */
export function claimsOf(user: StoredUser, use: string, scope = ''): Record<string, unknown> {
  const { profile } = user
  const claims: Record<string, unknown> = {
    name: user.name,
    picture: user.avatar,
    username: user.username,
    preferred_username: preferredName(user, new Set(scope.split(' '))),
    updated_at: user.updatedAt,
    created_at: user.createdAt,
    email: user.primaryEmail,
    email_verified: hasValue(user.primaryEmail),
    // Digits without `+`, as Logto's applications expect.
    phone_number: user.primaryPhone,
    phone_number_verified: hasValue(user.primaryPhone),
    roles: [],
  }
  for (const [claim, field] of Object.entries(PROFILE))
    if (mayBeTold(claim, profile[field])) claims[claim] = profile[field]
  if (isObject(profile.address)) {
    const address = withValues(profile.address)
    if (Object.keys(address).length > 0) claims.address = address
  }
  if (use === 'userinfo') {
    claims.custom_data = user.customData
    claims.identities = {}
    claims.sso_identities = []
  }
  return { sub: user.id, ...withValues(claims) }
}
