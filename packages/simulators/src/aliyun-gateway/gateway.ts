import { randomUUID } from 'node:crypto'
import type { Answer, Cloud } from '../cloud.ts'
import type { CloudId } from '../cloud-ids.ts'
import type { PushRules } from '../receipts/pushes.ts'
import { type ApiRequest, readPairs } from '../request.ts'
import type { AccessKey } from './access-keys.ts'
import { type Format, formatOf, recommendation, type Value, writeFields } from './answers.ts'
import { authenticate, claimedKeyId } from './credentials.ts'
import { createNonces } from './nonces.ts'
import { gatewayRefusal, missingParameter, Refusal } from './refusals.ts'
import { EMPTY_IS_MISSING, UNKNOWN_VERSION_CODE } from './unverified.ts'

/** A request that has passed the gateway. */
export interface Call {
  key: AccessKey
  request: ApiRequest
  parameters: Map<string, string>
  /** A parameter's value. Throws the gateway's `Missing<Name>` when there is none. */
  required(name: string): string
}

/** The members of an answer; the gateway adds RequestId. */
export type Fields = Record<string, Value>

/** One product behind the gateway. */
export interface Product {
  id: CloudId
  /** The product's name, as it stands in the gateway's recommendations. */
  name: string
  /** The central host, which answers name when a request came by another name than one of the product's. */
  host: string
  /** By version and action: does the work and answers the fields besides RequestId. Throws Refusal. */
  actions: Record<string, Record<string, (call: Call) => Fields>>
  /** The one action a key may call that was given the least permission. */
  sendAction: string
  /** The product's refusal with this code. */
  refusal(code: string): Refusal
  /** The code for an action that the key's policy does not name. */
  deniedCode: string
  pushes: PushRules
  wrongTypeBody: string
  reset(): void
}

/**
 * Puts a product behind Alibaba Cloud's RPC gateway, which takes both signature schemes for the same actions. The
 * order of checks is this stand-in's choice: method, format, version, action, key, signature, nonce, permission,
 * then the product's own.
 */
export function createGateway(product: Product, world: { now(): number }): Cloud {
  const nonces = createNonces(world.now)

  function handle(request: ApiRequest, produce: (run: () => Fields) => Fields): Answer {
    const pairs = readPairs(request)
    const parameters = new Map(pairs)
    const named = (header: string, parameter: string) =>
      request.headers.get(header) ?? parameters.get(parameter) ?? ''
    const isRpc = parameters.has('Signature') && !request.headers.get('authorization')
    const action = isRpc ? (parameters.get('Action') ?? '') : named('x-acs-action', 'Action')
    const version = isRpc ? (parameters.get('Version') ?? '') : named('x-acs-version', 'Version')
    const format = formatOf(request, parameters.get('Format'))
    const requestId = randomUUID().toUpperCase()
    const log = { action, keyId: claimedKeyId(request, parameters) }
    const run = (): Fields => {
      if (request.tooLarge) throw gatewayRefusal('RequestEntityTooLarge')
      if (request.method !== 'GET' && request.method !== 'POST') throw gatewayRefusal('UnsupportedHTTPMethod')
      if (!format) throw gatewayRefusal('InvalidParameter.Format')
      if (!action || request.path !== '/') throw gatewayRefusal('InvalidAction.NotFound')
      const actions = Object.hasOwn(product.actions, version) ? product.actions[version] : undefined
      if (!actions) throw gatewayRefusal(UNKNOWN_VERSION_CODE)
      const act = Object.hasOwn(actions, action) ? actions[action] : undefined
      if (!act) throw gatewayRefusal('InvalidAction.NotFound')
      const key = authenticate(request, pairs, parameters, { now: world.now, nonces })
      if (key.state === 'forbidden') throw gatewayRefusal('Forbidden.RAM')
      const limited = key.state === 'send-only' || key.state === 'ram-denied'
      if (limited && action !== product.sendAction) throw product.refusal(product.deniedCode)
      return act({ key, request, parameters, required: name => required(parameters, name) })
    }
    try {
      const fields = produce(run)
      const written = writeFields(format ?? 'XML', `${action}Response`, { RequestId: requestId, ...fields })
      return { status: 200, ...written, ...log, code: typeof fields.Code === 'string' ? fields.Code : 'OK' }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return refuse(error, { format: format ?? 'XML', requestId, log, host: request.hostname })
    }
  }

  function refuse(refusal: Refusal, about: RefusalContext): Answer {
    const { format, requestId, log } = about
    const { code, message } = refusal
    if (refusal.layer === 'business') {
      const written = writeFields(format, `${xmlName(log.action)}Response`, {
        Message: message,
        RequestId: requestId,
        Code: code,
      })
      return { status: 200, ...written, ...log, code }
    }
    const written = writeFields(format, 'Error', {
      RequestId: requestId,
      HostId: about.host.endsWith('.aliyuncs.com') ? about.host : product.host,
      Code: code,
      Message: message,
      Recommend: recommendation(code, product.name, requestId),
    })
    return { status: refusal.status, ...written, ...log, code }
  }

  return {
    id: product.id,
    actions: Object.values(product.actions).flatMap(Object.keys),
    throttleCode: 'Throttling.User',
    wrongTypeBody: product.wrongTypeBody,
    pushes: product.pushes,
    answer: request => handle(request, run => run()),
    answerWith: (request, code) =>
      handle(request, () => {
        throw product.refusal(code)
      }),
    reset() {
      nonces.clear()
      product.reset()
    },
  }
}

interface RefusalContext {
  format: Format
  requestId: string
  log: { action: string; keyId: string }
  host: string
}

function required(parameters: Map<string, string>, name: string): string {
  const value = parameters.get(name)
  if (value === undefined || (EMPTY_IS_MISSING && value === '')) throw missingParameter(name)
  return value
}

/** A forced business answer may stand under an action that is no XML name. */
function xmlName(action: string): string {
  return /^[A-Za-z]\w*$/.test(action) ? action : ''
}
