import { Application, ApplicationSecret } from '@countersign/api'
import { builtInApplication, type StoredApplication } from '@countersign/server/move-in'
import { carryOut, decide } from './decide.ts'
import { isLikeThere, type Move, type Note, type Outcome } from './outcome.ts'
import { member, read, text } from './reading.ts'

const Given = Application.pick({
  id: true,
  name: true,
  description: true,
  type: true,
  oidcClientMetadata: true,
  customClientMetadata: true,
  customData: true,
  isThirdParty: true,
  createdAt: true,
})
  .partial()
  .required({ id: true, name: true, type: true })

const Secret = ApplicationSecret.pick({ name: true, value: true, createdAt: true, expiresAt: true })
type Secret = Pick<ApplicationSecret, 'name' | 'value' | 'createdAt' | 'expiresAt'>

/** Types that have secrets. */
const CONFIDENTIAL: readonly string[] = ['Traditional', 'MachineToMachine']

/** The role under which a machine may manage a Logto, and the server here. */
const MANAGEMENT_ROLE = 'Logto Management API access'

/** The secret of an application from before secrets had names. */
const NAMELESS = 'Legacy secret'

/** Applications with their secrets and the right to manage; so they go on without a change. */
export async function* moveApplications(move: Move): AsyncIterable<Outcome> {
  for (const given of await move.source.list('/api/applications')) yield await moveOne(move, given)
}

async function moveOne(move: Move, given: unknown): Promise<Outcome> {
  const about = { id: text(member(given, 'id')) ?? '?', label: text(member(given, 'name')) ?? '?' }
  const left = leftOut(given)
  if (left) return { ...about, action: 'skipped', reason: left }
  const result = read(Given, given)
  if ('problem' in result)
    return {
      ...about,
      action: 'failed',
      reason: {
        text: result.problem,
        remedy: 'Correct it there and import again, or register it here anew.',
      },
    }

  const { id } = about
  const wanted: StoredApplication = {
    description: null,
    oidcClientMetadata: { redirectUris: [], postLogoutRedirectUris: [] },
    customClientMetadata: {},
    customData: {},
    isThirdParty: false,
    createdAt: 0,
    ...result.data,
    isAdmin: false,
  }
  const secrets = CONFIDENTIAL.includes(wanted.type) ? await secretsOf(move, given, id) : []
  if ('problem' in secrets)
    return { ...about, action: 'failed', reason: { text: `a secret: ${secrets.problem}` } }
  const { manages, hasRole, without } = await rightsOf(move, wanted)
  wanted.isAdmin = manages

  const pair = {
    kind: 'applications',
    id,
    seen: await seenOf(move, id),
    wanted: plain(wanted, secrets, hasRole),
  }
  if (wanted.isThirdParty)
    without.push({ text: 'third-party application: which permissions it may ask for does not come with it' })
  const outcome: Outcome = {
    ...about,
    // Whoever has its secret can do everything here: nobody should have to look for that.
    label: `${wanted.name} (${wanted.type}${manages || hasRole ? ', may manage everything' : ''})`,
    ...(await decide(move, pair)),
  }
  if (without.length > 0 && isLikeThere(outcome)) outcome.without = without
  await carryOut(move, pair, outcome, () => move.here.applications.import(wanted, secrets, hasRole))
  return outcome
}

/** What Countersign does not do. */
function leftOut(given: unknown): Note | undefined {
  const type = member(given, 'type')
  if (type === 'Protected')
    return { text: 'Countersign protects no applications by a proxy of its own', lost: true }
  if (builtInApplication(text(member(given, 'id')) ?? ''))
    return { text: 'every Countersign has one of its own under this id' }
  if (type === 'SAML') return { text: 'Countersign speaks no SAML', lost: true }
  if (member(given, 'appLevelAccessControlEnabled') === true)
    return {
      text: 'it lets only chosen users in, and here it would let everybody in',
      remedy: 'Lift that there and import again, if everybody may use it.',
      lost: true,
    }
  return undefined
}

async function secretsOf(move: Move, given: unknown, id: string): Promise<Secret[] | { problem: string }> {
  const found = await move.source.get(`/api/applications/${encodeURIComponent(id)}/secrets`)
  const secrets: Secret[] = []
  for (const each of Array.isArray(found) ? found : []) {
    const result = read(Secret, each)
    if ('problem' in result) return result
    secrets.push(result.data)
  }
  const value = text(member(given, 'secret'))
  if (value !== undefined && value !== 'N/A' && !secrets.some(secret => secret.value === value))
    secrets.push({
      name: NAMELESS,
      value,
      createdAt: Number(member(given, 'createdAt')) || 0,
      expiresAt: null,
    })
  return secrets
}

/** Who may manage there may manage here. Other roles have no meaning here. */
async function rightsOf(move: Move, { id, type }: StoredApplication) {
  const without: Note[] = []
  if (type !== 'MachineToMachine') return { manages: false, hasRole: false, without }
  const path = `/api/applications/${encodeURIComponent(id)}`
  const roles = await move.source.get(`${path}/roles?page_size=100`)
  const names = (Array.isArray(roles) ? roles : []).map(role => text(member(role, 'name')) ?? '?')
  const hasRole = names.includes(MANAGEMENT_ROLE)
  const others = names.filter(name => name !== MANAGEMENT_ROLE)
  if (others.length > 0)
    without.push({
      text: `its roles do not come along, nor into its tokens the scopes that they gave: ${others.join(', ')}`,
      remedy: 'Let your APIs decide by the client (client_id).',
    })
  // Taking the role away must be enough to take the right away.
  const manages = !hasRole && member(await move.source.get(path), 'isAdmin') === true
  return { manages, hasRole, without }
}

/** An application and its secrets in one form, wherever they were read. */
function plain({ id: _, isAdmin, ...application }: StoredApplication, secrets: Secret[], hasRole: boolean) {
  return {
    ...application,
    manages: isAdmin || hasRole,
    hasRole,
    secrets: secrets
      .map(({ name, value, createdAt, expiresAt }) => ({ name, value, createdAt, expiresAt }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

async function seenOf({ here }: Move, id: string) {
  const application = await here.applications.byId(id)
  if (!application) return undefined
  // Only machines have roles.
  const hasRole = application.type === 'MachineToMachine' && (await here.roles.of(id)).length > 0
  return plain(application, await here.applications.secrets(id), hasRole)
}
