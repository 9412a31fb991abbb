import type { AccountCenter, AccountCenterPatch } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import { changeDocument, readDocument } from '../settings/settings.ts'

const KEY = 'account-center'

/** As in Logto: closed until the operator opens it. */
const DEFAULTS: AccountCenter = {
  tenantId: 'default',
  id: 'default',
  enabled: false,
  fields: {},
  webauthnRelatedOrigins: [],
  deleteAccountUrl: null,
  customCss: null,
  profileFields: null,
}

/**
 * What users may read and change of their account, and whether at all.
 *
 * @example const { enabled, fields } = await createAccountCenter(db).read()
 */
export function createAccountCenter(db: Database) {
  const complete = (stored: Partial<AccountCenter>): AccountCenter => ({ ...DEFAULTS, ...stored })
  return {
    read: async () => complete(await readDocument<AccountCenter>(db, KEY)),
    /** Replaces each member given. @throws ApiError `entity.invalid_input` when there is nothing to change */
    async update(patch: AccountCenterPatch): Promise<AccountCenter> {
      const change = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
      if (Object.keys(change).length === 0) throw new ApiError('entity.invalid_input')
      if (patch.deleteAccountUrl === '') change.deleteAccountUrl = null
      if (patch.webauthnRelatedOrigins)
        change.webauthnRelatedOrigins = [...new Set(patch.webauthnRelatedOrigins)]
      // There are no custom fields here that they could name.
      if (patch.profileFields) change.profileFields = []
      return complete(await changeDocument<AccountCenter>(db, KEY, () => change))
    },
  }
}

export type AccountCenterRoom = ReturnType<typeof createAccountCenter>
