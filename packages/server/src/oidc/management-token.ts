import { decodeProtectedHeader, type errors, type JWTPayload, jwtVerify } from 'jose'
import type { Applications } from '../applications/applications.ts'
import { ApiError } from '../refusals/refusal.ts'
import { MANAGEMENT_API } from '../resources/resources.ts'
import type { World } from '../world.ts'
import type { Force, InForce } from './in-force.ts'

/** So many tokens are remembered; a back end uses one for an hour. */
const MOST_TOKENS = 1000

/** The id of the key that a token says it was signed with; undefined for no token. */
function keyIdOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid
  } catch {
    return undefined // what is wrong with it, `jwtVerify` says
  }
}

/** Checks access tokens for the Management API. */
export function managementTokens(
  issuer: string,
  force: Pick<Force, 'current'>,
  applications: Applications,
  world: World,
) {
  // Checking a signature costs more processor time than all the rest of most requests. Signature, issuer
  // and audience of a token never change; whether it has expired is asked each time.
  const verified = new Map<string, { payload: JWTPayload; keyId: string }>()

  async function verify(token: string): Promise<JWTPayload> {
    const { verifying } = await force.current()
    const known = verified.get(token)
    // An expired one goes the long way, to be refused in the same words as any other; so does one of a key that is gone.
    if (known && known.payload.exp! * 1000 > world.now() && verifying.some(({ id }) => id === known.keyId))
      return known.payload
    const found = await verifySignature(token, verifying)
    if (verified.size >= MOST_TOKENS) verified.clear()
    verified.set(token, found)
    return found.payload
  }

  async function verifySignature(token: string, keys: InForce['verifying']) {
    // One key alone: what anybody may send must not cost a signature for each key that there is.
    const named = keyIdOf(token)
    const { id, key, algorithm } = keys.find(each => each.id === named) ?? keys[0]!
    const options = {
      issuer,
      audience: MANAGEMENT_API,
      algorithms: [algorithm],
      typ: 'at+jwt',
      requiredClaims: ['exp'],
      currentDate: new Date(world.now()),
    }
    try {
      return { payload: (await jwtVerify(token, key, options)).payload, keyId: id }
    } catch (error) {
      const { code, name } = error as Partial<errors.JOSEError>
      throw new ApiError('auth.unauthorized', { data: { code, name }, cause: error })
    }
  }

  /** @throws ApiError `auth.*` @returns the token's subject */
  return async (header: string | undefined): Promise<string> => {
    if (!header) throw new ApiError('auth.authorization_header_missing')
    const [, token] = /^Bearer +(\S+)$/i.exec(header.trim()) ?? []
    if (!token)
      throw new ApiError('auth.authorization_token_type_not_supported', {
        data: { supportedTypes: ['Bearer'] },
      })
    const { sub, scope } = await verify(token)
    if (!sub) throw new ApiError('auth.jwt_sub_missing')
    if (typeof scope !== 'string' || !scope.split(' ').includes('all')) throw new ApiError('auth.forbidden')
    // A token outlives the right it was issued for by up to an hour; the right does not.
    const application = await applications.byId(sub)
    if (!application?.isAdmin) throw new ApiError('auth.forbidden')
    return sub
  }
}
