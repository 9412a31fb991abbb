import type { ApiRequest } from '../request.ts'
import { equalTexts, sha256Hex } from '../signatures.ts'
import { ACCESS_KEYS, type AccessKey } from './access-keys.ts'
import { ACS3, acs3Signature, headerOf, parseAcs3 } from './acs3.ts'
import type { createNonces } from './nonces.ts'
import { gatewayRefusal, missingParameter } from './refusals.ts'
import { rpcSignature } from './rpc-v1.ts'
import {
  ACS3_REQUIRED_HEADERS,
  acs3MismatchText,
  TEMPORARY_KEY_WITHOUT_TOKEN_CODE,
  TIME_WINDOW_MS,
  UNREADABLE_SIGNATURE_CODE,
  WRONG_SIGNATURE_VERSION_CODE,
} from './unverified.ts'

export interface Credentials {
  now(): number
  nonces: ReturnType<typeof createNonces>
}

/** The key id a request names, by either scheme, unchecked; empty when it names none. */
export function claimedKeyId(request: ApiRequest, parameters: Map<string, string>): string {
  const header = request.headers.get('authorization')
  if (header?.startsWith(ACS3)) return /Credential=([^,\s]*)/.exec(header)?.[1] ?? ''
  return parameters.get('AccessKeyId') ?? ''
}

/** Checks who signed the request, by the scheme it uses. Throws the gateway's Refusal. */
export function authenticate(
  request: ApiRequest,
  pairs: [string, string][],
  parameters: Map<string, string>,
  world: Credentials,
): AccessKey {
  const header = request.headers.get('authorization')
  return header?.startsWith(`${ACS3} `)
    ? checkAcs3(request, header, world)
    : checkRpc(request, pairs, parameters, world)
}

function checkRpc(
  request: ApiRequest,
  pairs: [string, string][],
  parameters: Map<string, string>,
  world: Credentials,
): AccessKey {
  const key = findKey(parameters.get('AccessKeyId'), parameters.get('SecurityToken'))
  const signature = parameters.get('Signature')
  if (!signature) throw gatewayRefusal(UNREADABLE_SIGNATURE_CODE)
  if (parameters.get('SignatureMethod') !== 'HMAC-SHA1') throw gatewayRefusal('InvalidSignatureMethod')
  if (parameters.get('SignatureVersion') !== '1.0') throw gatewayRefusal(WRONG_SIGNATURE_VERSION_CODE)
  checkTime(parameters.get('Timestamp'), 'Timestamp', world)
  const nonce = parameters.get('SignatureNonce')
  if (!nonce) throw missingParameter('SignatureNonce')
  const expected = rpcSignature(request.method, pairs, key.secret)
  if (!equalTexts(signature, expected.signature)) {
    throw gatewayRefusal(
      'SignatureDoesNotMatch',
      `Specified signature is not matched with our calculation. server string to sign is:${expected.stringToSign}`,
    )
  }
  if (!world.nonces.use(key.id, nonce)) throw gatewayRefusal('SignatureNonceUsed')
  return key
}

function checkAcs3(request: ApiRequest, header: string, world: Credentials): AccessKey {
  const authorization = parseAcs3(header)
  if (!authorization) throw gatewayRefusal(UNREADABLE_SIGNATURE_CODE)
  const key = findKey(authorization.keyId, request.headers.get('x-acs-security-token') ?? undefined)
  checkTime(request.headers.get('x-acs-date') ?? undefined, 'Timestamp', world)
  const { signedHeaders } = authorization
  const complete = ACS3_REQUIRED_HEADERS.every(
    name => signedHeaders.includes(name) && headerOf(request, name) !== '',
  )
  if (!complete) throw gatewayRefusal(UNREADABLE_SIGNATURE_CODE)
  const expected = acs3Signature(request, signedHeaders, key.secret)
  const bodyIsAsSigned = request.headers.get('x-acs-content-sha256') === sha256Hex(request.body)
  if (!bodyIsAsSigned || !equalTexts(authorization.signature, expected.signature)) {
    throw gatewayRefusal(
      'SignatureDoesNotMatch',
      acs3MismatchText(expected.stringToSign, expected.canonicalRequest),
    )
  }
  if (!world.nonces.use(key.id, headerOf(request, 'x-acs-signature-nonce'))) {
    throw gatewayRefusal('SignatureNonceUsed')
  }
  return key
}

/** The account's key of that id. Throws when it is missing, unknown, disabled, or its token does not fit. */
function findKey(id: string | undefined, token: string | undefined): AccessKey {
  if (!id) throw missingParameter('AccessKeyId')
  const key = ACCESS_KEYS.find(candidate => candidate.id === id)
  if (!key) throw gatewayRefusal('InvalidAccessKeyId.NotFound')
  if (key.state === 'disabled') throw gatewayRefusal('InvalidAccessKeyId.Inactive')
  if (key.token && !token) throw gatewayRefusal(TEMPORARY_KEY_WITHOUT_TOKEN_CODE)
  if (token && token !== key.token?.value) throw gatewayRefusal(tokenFault(token))
  if (key.token?.expired) throw gatewayRefusal('InvalidSecurityToken.Expired')
  return key
}

function tokenFault(token: string): string {
  const known = ACCESS_KEYS.some(key => key.token?.value === token)
  return known ? 'InvalidSecurityToken.MismatchWithAccessKey' : 'InvalidSecurityToken.Malformed'
}

function checkTime(text: string | undefined, name: string, world: Credentials): void {
  if (!text) throw missingParameter(name)
  // Fractional seconds are not documented, but real requests with them have passed this check.
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw gatewayRefusal('InvalidTimeStamp.Format')
  if (Math.abs(world.now() - at) > TIME_WINDOW_MS) throw gatewayRefusal('InvalidTimeStamp.Expired')
}
