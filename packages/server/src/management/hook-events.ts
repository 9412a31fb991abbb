import type { HookEvent } from '@countersign/api'
import { type Emit, hookUser } from '../hooks/events.ts'
import type { Watch } from '../http/mount.ts'
import type { Users } from '../users/users.ts'

/** Operations that webhooks are told of. */
const TOLD: Readonly<Record<string, HookEvent>> = {
  CreateUser: 'User.Created',
  UpdateUser: 'User.Data.Updated',
  UpdateUserCustomData: 'User.Data.Updated',
  UpdateUserProfile: 'User.Data.Updated',
  UpdateUserPassword: 'User.Data.Updated',
  UpdateUserIsSuspended: 'User.SuspensionStatus.Updated',
  DeleteUser: 'User.Deleted',
}

/** Tells webhooks of changes through the Management API: what was called, and what it answered. */
export function tellOfChanges(emit: Emit, users: Users): Watch {
  return async ({ operationId, method, path }, params, { ip, userAgent, http }) => {
    const event = TOLD[operationId]
    if (!event) return undefined
    // Afterwards there is nothing left to tell.
    const deleted = event === 'User.Deleted' ? await users.byId(String(params.userId)) : undefined
    return ({ status, body, told }) =>
      emit(event, () => ({
        userAgent,
        ip,
        path: http.req.path.replace(/^\/api/, ''),
        method: method.toUpperCase(),
        status,
        params,
        matchedRoute: path.replace(/^\/api/, '').replaceAll(/\{(\w+)\}/g, ':$1'),
        data: deleted ? hookUser(deleted) : body,
        ...told,
      }))
  }
}
