import { AsyncLocalStorage } from 'node:async_hooks'
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider'
import { type Keys, mac } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Along } from '../db/along.ts'
import { currentRequest, type Request } from '../db/patience.ts'
import type { World } from '../world.ts'
import { EPOCH, epochOfRequest, handsEpochOn } from './epochs.ts'
import { gathered, interactionGone, writeGathered } from './gathered.ts'
import { LATE, successorOf, worthOf } from './refresh-chain.ts'
import type { OidcStore } from './store.ts'

/** The hashes of a request's things, of which each is looked for, read and written. */
const hashes = new WeakMap<Request, Map<string, string>>()

/** The hash under which a thing is stored; knowing the database is not knowing the token. */
export function idHash(keys: Keys, kind: string, id: string): string {
  const request = currentRequest()
  const known = request && hashes.get(request)
  const name = `${kind}/${id}`
  const hash = known?.get(name) ?? mac(keys.lookup, `oidc/${kind}`, id)
  if (known) known.set(name, hash)
  else if (request) hashes.set(request, new Map([[name, hash]]))
  return hash
}

const text = (value: unknown) => (typeof value === 'string' ? value : null)

/** What a sealed payload is bound to: `contextOf(row.kind, row.id_hash)`. */
export const contextOf = (kind: string, hashed: string) => `oidc/${kind}/${hashed}`

/** What a row holds. */
export const openPayload = (keys: Keys, kind: string, row: { id_hash: string; payload: string }) =>
  JSON.parse(open(keys.seal, row.payload, contextOf(kind, row.id_hash))) as AdapterPayload

/** What is written with the end of an interaction. oidc-provider calls the adapter itself, so it comes around it. */
const goingAlong = new AsyncLocalStorage<Along<true>>()

/** Saves an interaction that has its result, and in the same transaction what goes along. */
export const savingAlong = <T>(along: Along<true>, save: () => Promise<T>): Promise<T> =>
  goingAlong.run(along, save)

interface Row {
  id_hash: string
  payload: string
  consumed_at: number | null
  epoch: number | null
}

/**
 * What oidc-provider stores of one kind, in the table `oidc_payloads`: names hashed, content sealed.
 *
 * @param refreshRetry how long a refresh whose answer was lost may be repeated, in milliseconds
 */
export function createAdapter(
  kind: string,
  store: OidcStore,
  keys: Keys,
  world: World,
  refreshRetry: number,
): Adapter {
  const hash = (id: string) => idHash(keys, kind, id)

  function read(row?: Row) {
    if (!row) return undefined
    const payload = openPayload(keys, kind, row)
    // It was found good in this epoch; whatever is written because of it belongs there.
    if (handsEpochOn(kind) && row.epoch !== null) payload[EPOCH] = row.epoch
    if (row.consumed_at !== null) payload.consumed = Math.floor(row.consumed_at / 1000)
    return payload
  }

  /** A refresh token, which may be repeated by an application that did not get the answer. */
  async function readRefreshToken(token: string, row?: Row) {
    const payload = read(row)
    if (!row || !payload || row.consumed_at === null) return payload
    const worth = await worthOf(world.now() - row.consumed_at, refreshRetry, async () => {
      const successor = await store.byId(kind, hash(successorOf(keys, token)), world.now())
      return successor !== undefined && successor.consumed_at !== null
    })
    if (worth !== 'stolen') delete payload.consumed
    if (worth === 'late') payload[LATE] = true
    return payload
  }

  return {
    async upsert(id, payload, expiresIn) {
      const hashed = hash(id)
      const sealed = seal(keys.seal, JSON.stringify(payload), contextOf(kind, hashed))
      const uid = text(payload.uid)
      // An interaction names the grant that was, and outlives it: somebody else may be signing in.
      const grantId = kind === 'Interaction' ? null : text(payload.grantId)
      const row = {
        kind,
        idHash: hashed,
        payload: sealed,
        grantId: grantId && idHash(keys, 'Grant', grantId),
        uidHash: uid && hash(uid),
        accountId: text(payload.accountId),
        epoch: kind === 'Session' || kind === 'Grant' ? Number(payload[EPOCH] ?? 0) : epochOfRequest(),
        clientId: text(payload.clientId),
        expiresAt: expiresIn ? world.now() + expiresIn * 1000 : null,
      }
      const open = gathered()
      if (kind !== 'Interaction' || !payload.result) await (open ? open.add(row) : store.upsert([row]))
      // A second tab ends an interaction that the first has already spent: it must not come back to life.
      else if (open) open.conclude(row)
      else if (!(await store.replacePayload(kind, hashed, sealed, goingAlong.getStore())))
        throw interactionGone()
    },
    async find(id) {
      await writeGathered(kind)
      const row = await store.byId(kind, hash(id), world.now())
      return kind === 'RefreshToken' ? readRefreshToken(id, row) : read(row)
    },
    async findByUid(uid) {
      await writeGathered(kind)
      return read(await store.byUid(kind, hash(uid), world.now()))
    },
    async findByUserCode() {
      return undefined
    },
    async consume(id) {
      await writeGathered()
      const hashed = hash(id)
      if (await store.consume(kind, hashed, world.now())) return
      if (kind !== 'AuthorizationCode') return
      // Two requests brought the same code at once, and this one came second: the code is no secret any more.
      const grant = await store.grantOf(kind, hashed)
      if (grant) await store.deleteGrant(grant)
      throw new errors.InvalidGrant('authorization code already consumed')
    },
    async destroy(id) {
      const name = { kind, idHash: hash(id) }
      const open = gathered()
      if (open && kind === 'Session') return open.drop(name)
      if (open && kind === 'Interaction') return open.end(name)
      await writeGathered()
      const deleted = await store.delete(kind, name.idHash)
      // Two tabs followed the end of one interaction at once: it buys one session, and the other tab gets none.
      if (!deleted && kind === 'Interaction') throw interactionGone()
    },
    async revokeByGrantId(grantId) {
      await writeGathered()
      await store.deleteByGrant(kind, idHash(keys, 'Grant', grantId))
    },
  }
}
