import { UrlOrNothing, User, UserProfileInput } from '@countersign/api'
import { z } from 'zod'
import { ApiError } from '../refusals/refusal.ts'
import type { StagedProfile } from './flow.ts'

/** What users sign in with comes with a proof, never as a further field. */
const IDENTIFIERS = new Set(['username', 'email', 'phone', 'primaryEmail', 'primaryPhone'])

/** The fields that are no custom data. A name is as long as users may make it themselves. */
const BUILT_IN = UserProfileInput.extend({
  name: z.string().max(128).optional(),
  avatar: UrlOrNothing.optional(),
})

const conflict = (kind: 'built_in_prop' | 'sign_in_identifier' | 'custom_data', name: string) =>
  new ApiError(`custom_profile_fields.name_conflict_${kind}`, { data: { name }, values: { name } })

const withMembers = <T extends object>(name: string, value: T) =>
  Object.keys(value).length > 0 ? { [name]: value } : {}

/**
 * Sorts further fields of a new or known user as Logto does: those of the built-in profile go there, all others into
 * the custom data.
 *
 * @example
 * sortExtraProfile({ nickname: 'Ada', plan: 'gold' })
 * // { profile: { nickname: 'Ada' }, customData: { plan: 'gold' } }
 *
 * @throws ApiError `custom_profile_fields.*` for a name that is taken, `guard.invalid_input` for a value that a
 *   built-in field cannot have
 */
export function sortExtraProfile(
  values: Record<string, unknown>,
): Pick<StagedProfile, 'name' | 'avatar' | 'profile' | 'customData'> {
  const builtIn: Record<string, unknown> = {}
  const customData: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(values)) {
    if (IDENTIFIERS.has(field)) throw conflict('sign_in_identifier', field)
    if (field === 'customData') throw conflict('custom_data', field)
    if (Object.hasOwn(BUILT_IN.shape, field)) builtIn[field] = value
    else if (Object.hasOwn(User.shape, field)) throw conflict('built_in_prop', field)
    else customData[field] = value
  }
  const read = BUILT_IN.safeParse(builtIn)
  if (!read.success)
    throw new ApiError('guard.invalid_input', {
      data: { message: `values.${read.error.issues[0]!.path.join('.')} is not valid` },
    })
  const { name, avatar, ...profile } = read.data
  return {
    ...(name !== undefined && { name }),
    ...(avatar && { avatar }),
    ...withMembers('profile', profile),
    ...withMembers('customData', customData),
  }
}
