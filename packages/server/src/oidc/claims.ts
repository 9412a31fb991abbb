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

/**
 * Every claim about a user; oidc-provider picks those that the scopes open. Name, picture, username, e-mail
 * and phone are there even when unset, as null; what can grow large stays out of ID tokens.
 */
export function claimsOf(user: StoredUser, use: string): Record<string, unknown> {
  const { profile } = user
  const claims: Record<string, unknown> = {
    sub: user.id,
    name: user.name,
    picture: user.avatar,
    username: user.username,
    updated_at: user.updatedAt,
    created_at: user.createdAt,
    email: user.primaryEmail,
    email_verified: user.primaryEmail !== null,
    // Digits without `+`, as Logto's applications expect.
    phone_number: user.primaryPhone,
    phone_number_verified: user.primaryPhone !== null,
    roles: [],
  }
  for (const [claim, field] of Object.entries(PROFILE))
    if (profile[field] !== undefined && mayBeTold(claim, profile[field])) claims[claim] = profile[field]
  const preferred = profile.preferredUsername ?? user.username
  if (preferred !== null && preferred !== undefined) claims.preferred_username = preferred
  if (profile.address !== undefined) claims.address = profile.address
  if (use === 'userinfo') {
    claims.custom_data = user.customData
    claims.identities = {}
    claims.sso_identities = []
  }
  return claims
}
