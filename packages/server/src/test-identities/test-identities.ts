import { Email, LONGEST_TEST_IDENTITY_DAYS, type TestIdentity } from '@countersign/api'
import type { UsageType } from '@countersign/kit'
import { z } from 'zod'
import { newId } from '../crypto/chance.ts'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Along } from '../db/along.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import { parseInput } from '../http/validation.ts'
import { readableEmail } from '../identifiers/email.ts'
import { keptForm, oneSpelling } from '../identifiers/one-spelling.ts'
import { normalizePhone, phoneKey } from '../identifiers/phone.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { type TestIdentityRow, testIdentityStore } from './store.ts'

const DAY = 24 * 60 * 60_000

/** The phone number or e-mail address that an identity is about. */
export interface Address {
  type: TestIdentity['type']
  value: string
}

export interface TestIdentityInput extends Address {
  code: string
  /** Milliseconds since 1970. */
  expiresAt: number
  note?: string | null | undefined
  /** The account that has the address already, as a confirmation that the code shall open it. */
  userId?: string | undefined
}

export interface TestIdentityChange {
  code?: string | undefined
  expiresAt?: number | undefined
  note?: string | null | undefined
  userId?: string | undefined
}

/** A code was asked for and will be the fixed one. */
export interface TestIdentityUse extends Address {
  id: string
  usageType: UsageType
}

/** One entry for each phone or mailbox, however it is spelled. */
const keyOf = ({ value }: Address) => oneSpelling(value)

/** The keys under which an entry may stand: one that was written earlier has its domain in Unicode. */
const placesOf = (address: Address) => {
  const { type, value } = address
  return [...new Set([keyOf(address), type === 'email' ? readableEmail(value) : phoneKey(value)])]
}

/** What a sealed code is bound to: `contextOf(row.id)`. */
export const contextOf = (id: string) => `test-identity/${id}`

/** Everything that test identities work with. */
export interface TestIdentityDeps {
  db: Database
  keys: Keys
  world: World
  /** The setting TEST_IDENTITIES. Without it none works, and none can be made or changed. */
  enabled: boolean
  /** The number of digits that the codes of a channel have now. */
  codeLength(channel: 'sms' | 'email'): Promise<number>
  /** The id of the user who has an address; as the transaction `on` sees it, where one is given. */
  ownerOf(address: Address, on?: Database): Promise<string | undefined>
  /** Hears of every use. */
  used(use: TestIdentityUse): void
}

/** The room of test identities, which each of its use cases takes first. */
export type TestIdentityRoom = TestIdentityDeps & { store: ReturnType<typeof testIdentityStore> }

/** Somebody who has just registered. */
interface NewUser {
  id: string
  primaryEmail: string | null
  primaryPhone: string | null
}

const addressOf = ({ type, value }: TestIdentityRow): Address => ({ type: type as Address['type'], value })

const codeOf = ({ keys }: TestIdentityRoom, { id, code }: TestIdentityRow) =>
  open(keys.seal, code, contextOf(id))

const wire = (room: TestIdentityRoom, row: TestIdentityRow): TestIdentity => ({
  id: row.id,
  ...addressOf(row),
  code: codeOf(room, row),
  note: row.note,
  userId: row.user_id,
  expiresAt: row.expires_at,
  createdAt: row.created_at,
})

/** Whether a number is the same one where no plus says that its country comes first. */
function staysItself(value: string): boolean {
  const form = normalizePhone(value)
  return form === undefined || normalizePhone(form) === form
}

/** Refuses fields that only the time and the policy show to be wrong. */
async function requireFields(
  { world, codeLength }: TestIdentityRoom,
  type: Address['type'],
  input: { value?: string; code?: string | undefined; expiresAt?: number | undefined },
): Promise<void> {
  const now = world.now()
  const latest = now + LONGEST_TEST_IDENTITY_DAYS * DAY
  const length = await codeLength(type === 'email' ? 'email' : 'sms')
  const phone = z
    .string()
    .refine(value => normalizePhone(value) !== undefined, 'must be a phone number, country code first')
    .refine(staysItself, 'must not be another number where no plus stands before it')
  const fields = z.object({
    value: type === 'email' ? Email : phone,
    code: z.string().length(length, `must have ${length} digits, as every code has`),
    expiresAt: z
      .number()
      .gt(now, 'must lie in the future')
      .max(latest, `must be at most ${LONGEST_TEST_IDENTITY_DAYS} days ahead, that is at most ${latest}`),
  })
  parseInput(fields.partial(), input)
}

/** @throws ApiError `guard.invalid_input` when a user who was named does not have the address */
async function requireOwner({ ownerOf }: TestIdentityRoom, address: Address, userId: string): Promise<void> {
  const owner = await ownerOf(address)
  parseInput(
    z.object({
      userId: z
        .string()
        .refine(id => id === owner, 'must be the id of the user who has this number or address'),
    }),
    { userId },
  )
}

function requireEnabled({ enabled }: TestIdentityRoom): void {
  if (!enabled) throw new ApiError('test_identity.not_enabled', { data: { setting: 'TEST_IDENTITIES' } })
}

async function rowOf({ store }: TestIdentityRoom, id: string): Promise<TestIdentityRow> {
  const row = await store.byId(id)
  if (!row) throw new ApiError('entity.not_exists_with_id')
  return row
}

/** The one that works for an address now; none where the account that has it is not the one that it opens. */
async function working(room: TestIdentityRoom, address: Address): Promise<TestIdentityRow | undefined> {
  if (!room.enabled) return undefined
  const row = await found(room, address)
  if (!row) return undefined
  return (await isOpenTo(room, row, address, row.user_id)) ? row : undefined
}

async function found(
  { store, world }: TestIdentityRoom,
  address: Address,
): Promise<TestIdentityRow | undefined> {
  for (const place of placesOf(address)) {
    const row = await store.active(place, world.now())
    if (row?.type === address.type) return row
  }
  return undefined
}

/** Whether no account but this one has the address, neither as it is asked for nor as it stands in the entry. */
async function isOpenTo(
  { ownerOf }: TestIdentityRoom,
  row: TestIdentityRow,
  asked: Address,
  userId: string | null,
): Promise<boolean> {
  const spellings = asked.value === row.value ? [asked] : [asked, addressOf(row)]
  const owners = await Promise.all(spellings.map(address => ownerOf(address)))
  return owners.every(owner => owner === undefined || owner === userId)
}

/**
 * All of them, newest first, with their codes.
 *
 * @example const [newest] = await listTestIdentities(room)
 */
export const listTestIdentities = async (room: TestIdentityRoom): Promise<TestIdentity[]> =>
  (await room.store.list()).map(row => wire(room, row))

/**
 * One of them.
 *
 * @throws ApiError `entity.not_exists_with_id`
 * @example const { code } = await getTestIdentity(room, id)
 */
export const getTestIdentity = async (room: TestIdentityRoom, id: string): Promise<TestIdentity> =>
  wire(room, await rowOf(room, id))

/**
 * Makes one.
 *
 * @throws ApiError `test_identity.not_enabled`, `.already_exists`; `.belongs_to_user` when a user has the address and
 *   was not named; `guard.invalid_input` with the field
 * @example await createTestIdentity(room, { type: 'phone', value: '8613800138000', code: '246810', expiresAt })
 */
export async function createTestIdentity(
  room: TestIdentityRoom,
  input: TestIdentityInput,
): Promise<TestIdentity> {
  requireEnabled(room)
  await requireFields(room, input.type, input)
  if (input.userId !== undefined) await requireOwner(room, input, input.userId)
  else {
    const userId = await room.ownerOf(input)
    if (userId !== undefined) throw new ApiError('test_identity.belongs_to_user', { data: { userId } })
  }
  const id = newId(room.world.random)
  const row: TestIdentityRow = {
    id,
    type: input.type,
    value: keptForm(input.type, input.value),
    value_key: keyOf(input),
    code: seal(room.keys.seal, input.code, contextOf(id)),
    note: input.note || null,
    user_id: input.userId ?? null,
    expires_at: input.expiresAt,
    created_at: room.world.now(),
  }
  try {
    await room.store.insert(row)
  } catch (error) {
    if (isUniqueViolation(error, 'value_key')) throw new ApiError('test_identity.already_exists')
    throw error
  }
  return wire(room, row)
}

/**
 * Changes one, also one that has ended.
 *
 * @throws ApiError `test_identity.not_enabled`, `entity.not_exists_with_id`, `guard.invalid_input` with the field
 * @example await changeTestIdentity(room, id, { note: 'for the review' })
 */
export async function changeTestIdentity(
  room: TestIdentityRoom,
  id: string,
  change: TestIdentityChange,
): Promise<TestIdentity> {
  requireEnabled(room)
  const row = await rowOf(room, id)
  const { code, expiresAt, note, userId } = change
  const address = addressOf(row)
  await requireFields(room, address.type, { code, expiresAt })
  if (userId !== undefined) await requireOwner(room, address, userId)
  const changed = await room.store.change(id, {
    ...(code !== undefined && { code: seal(room.keys.seal, code, contextOf(id)) }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
    ...(note !== undefined && { note: note || null }),
    ...(userId !== undefined && { user_id: userId }),
  })
  if (!changed) throw new ApiError('entity.not_exists_with_id')
  return wire(room, changed)
}

/**
 * Deletes one, whatever the setting.
 *
 * @throws ApiError `entity.not_exists_with_id`
 * @example const { value } = await deleteTestIdentity(room, id)
 */
export async function deleteTestIdentity({ store }: TestIdentityRoom, id: string): Promise<Address> {
  const row = await store.delete(id)
  if (!row) throw new ApiError('entity.not_exists_with_id')
  return addressOf(row)
}

/**
 * The fixed code for a message to an address; nothing for an ordinary one. A code that is found is not to be
 * sent.
 *
 * @example const fixed = await codeFor(room, { type: 'phone', value: '8613800138000' }, 'SignIn')
 */
export async function codeFor(
  room: TestIdentityRoom,
  address: Address,
  usageType: UsageType,
): Promise<string | undefined> {
  const row = await working(room, address)
  if (!row) return undefined
  room.used({ id: row.id, type: address.type, value: row.value, usageType })
  return codeOf(room, row)
}

/**
 * The mark of the fixed code that a recipient has now, for whoever checks a code: when the mark is another one by then,
 * or gone, a code that was asked for earlier is void. It changes with the code, and goes when the entry is deleted or
 * ends, or when the address gets an owner whom nobody named.
 *
 * @example const mark = await markOf(room, { type: 'phone', value: '8613800138000' })
 */
export async function markOf(room: TestIdentityRoom, recipient: Address): Promise<string | undefined> {
  const row = await working(room, recipient)
  return row && `${row.id}/${row.code}`
}

/** Somebody has registered with these addresses: theirs is the account that the codes of active ones open. */
async function linkToRegistered(room: TestIdentityRoom, user: NewUser): Promise<void> {
  if (!room.enabled) return
  const { id, primaryEmail, primaryPhone } = user
  const addresses: Address[] = [
    ...(primaryEmail === null ? [] : [{ type: 'email' as const, value: primaryEmail }]),
    ...(primaryPhone === null ? [] : [{ type: 'phone' as const, value: primaryPhone }]),
  ]
  for (const address of addresses) {
    const row = await found(room, address)
    if (row && (await isOpenTo(room, row, address, id)))
      await room.store.setUser(row.value_key, id, room.world.now())
  }
}

/**
 * The writes that go along with a registration, in its transaction: nobody is registered whose fixed code opens nothing.
 *
 * @example const link = alongRegistration(room) // goes along with the new user, beside what webhooks are told
 */
export function alongRegistration(room: TestIdentityRoom): Along<NewUser> {
  if (!room.enabled) return undefined
  return {
    write: (tx, user) =>
      linkToRegistered(
        { ...room, store: testIdentityStore(tx), ownerOf: address => room.ownerOf(address, tx) },
        user,
      ),
  }
}

/**
 * The warning for operators: the number of identities that work now, and the moment when the first of them ends.
 *
 * @example const { active, nextEnd } = await summaryOf(room)
 */
export async function summaryOf({
  enabled,
  store,
  world,
}: TestIdentityRoom): Promise<{ enabled: boolean; active: number; nextEnd: number | null }> {
  if (!enabled) return { enabled, active: 0, nextEnd: null }
  return { enabled, ...(await store.summary(world.now())) }
}

/**
 * Numbers and addresses whose codes are always the same and never sent, until an end date. A fixed code opens only
 * the account that was registered with it or that an operator named: for every other account the address is an
 * ordinary one. So neither a person who registers while the setting is off nor one whom an operator overlooked can
 * be signed in as by it.
 */
export function createTestIdentities(deps: TestIdentityDeps) {
  const room: TestIdentityRoom = { ...deps, store: testIdentityStore(deps.db) }
  return {
    list: () => listTestIdentities(room),
    get: (id: string) => getTestIdentity(room, id),
    create: (input: TestIdentityInput) => createTestIdentity(room, input),
    change: (id: string, change: TestIdentityChange) => changeTestIdentity(room, id, change),
    delete: (id: string) => deleteTestIdentity(room, id),
    codeFor: (address: Address, usageType: UsageType) => codeFor(room, address, usageType),
    markOf: (recipient: Address) => markOf(room, recipient),
    alongRegistration: () => alongRegistration(room),
    summary: () => summaryOf(room),
  }
}

export type TestIdentities = ReturnType<typeof createTestIdentities>

/** The part of test identities that the doors need, to make a code and to know one that nobody got. */
export type FixedCodes = Pick<TestIdentities, 'codeFor' | 'markOf'>
