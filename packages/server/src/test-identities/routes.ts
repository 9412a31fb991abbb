import { type TestIdentity, testIdentityRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { Address, TestIdentities } from './test-identities.ts'

/** Numbers and addresses with a fixed code. The audit log says of every change which one it was, masked. */
export function mountTestIdentities(
  mount: Mount,
  testIdentities: TestIdentities,
  audit: { note(values: Record<string, unknown>): void },
): void {
  const routes = testIdentityRoutes
  const note = ({ type, value }: Address, id: string) => audit.note({ testIdentity: { id, type, value } })
  const noted = (identity: TestIdentity) => {
    note(identity, identity.id)
    return identity
  }
  mount
    .add(routes.listTestIdentities, async () => ({ status: 200, body: await testIdentities.list() }))
    .add(routes.createTestIdentity, async ({ body }) => {
      audit.note({ testIdentity: { type: body.type, value: body.value } })
      return { status: 201, body: noted(await testIdentities.create(body)) }
    })
    .add(routes.updateTestIdentity, async ({ params, body }) => ({
      status: 200,
      body: noted(await testIdentities.change(params.id, body)),
    }))
    .add(routes.deleteTestIdentity, async ({ params }) => {
      note(await testIdentities.delete(params.id), params.id)
      return { status: 204 }
    })
}
