import type { FieldControls } from '@countersign/api'
import type { Applications } from '../applications/applications.ts'
import { ApiError, type RefusalKind } from '../refusals/refusal.ts'
import type { Origin } from './events.ts'
import type { Proofs } from './proofs.ts'

/** Who calls, as the access token tells. */
export interface AccountCaller {
  userId: string
  scopes: ReadonlySet<string>
  clientId: string
  /** The session that the token descends from. */
  sessionUid?: string
  /** The grant that the token descends from. */
  grantId: string
}

/** A call of a signed-in user. */
export interface AccountCall extends Origin {
  caller: AccountCaller
  /** Id of the proof that the call names. */
  proofId?: string | undefined
}

export type Field = keyof FieldControls

/**
 * True when the account center lets users read a field of theirs.
 *
 * @example isReadable({ name: 'ReadOnly' }, 'name') // true
 */
export const isReadable = (fields: FieldControls, field: Field) =>
  fields[field] === 'ReadOnly' || fields[field] === 'Edit'

/**
 * Requires that the account center lets users change these fields.
 *
 * @example requireEditable((await center.read()).fields, 'name', 'avatar')
 *
 * @throws ApiError `account_center.field_not_editable`
 */
export function requireEditable(fields: FieldControls, ...names: Field[]): void {
  if (names.some(name => fields[name] !== 'Edit')) throw new ApiError('account_center.field_not_editable')
}

/**
 * Requires that the account center lets users read this field.
 *
 * @example requireReadable((await center.read()).fields, 'session')
 *
 * @throws ApiError `account_center.field_not_enabled`
 */
export function requireReadable(fields: FieldControls, field: Field): void {
  if (!isReadable(fields, field)) throw new ApiError('account_center.field_not_enabled')
}

/**
 * Requires that the token of a call has a scope.
 *
 * @example requireScope(call.caller, 'profile')
 *
 * @throws ApiError `auth.unauthorized`; as invalid but for sessions, as Logto's clients expect
 */
export function requireScope({ scopes }: AccountCaller, scope: string, kind: RefusalKind = 'invalid'): void {
  if (!scopes.has(scope)) throw new ApiError('auth.unauthorized', { kind })
}

/**
 * Makes the checks that need other rooms. Each route calls them in Logto's order.
 *
 * @example await createPermissions({ applications, proofs }).requireProof(call)
 */
export function createPermissions({
  applications,
  proofs,
}: {
  applications: Pick<Applications, 'byId'>
  proofs: Proofs
}) {
  return {
    /** @throws ApiError `auth.third_party_application_forbidden`, also for an application that is gone */
    async requireFirstParty({ clientId }: AccountCaller): Promise<void> {
      const application = await applications.byId(clientId)
      if (!application || application.isThirdParty)
        throw new ApiError('auth.third_party_application_forbidden')
    },
    /** @throws ApiError `verification_record.permission_denied` when the call proves nothing */
    async requireProof({ caller, proofId }: AccountCall): Promise<void> {
      if (!(await proofs.provesOwner(caller.userId, proofId)))
        throw new ApiError('verification_record.permission_denied')
    },
  }
}

export type Permissions = ReturnType<typeof createPermissions>
