import { BODY_TOO_LARGE_STATUS, FORBIDDEN_STATUS } from './unverified.ts'

/**
 * A request the cloud refuses. `gateway` answers have an HTTP error status and the gateway's shape; `business`
 * answers have HTTP 200 and the product's own shape (Alibaba Cloud help: SMS API error codes, 101346).
 */
export class Refusal extends Error {
  readonly layer: 'gateway' | 'business'
  readonly code: string
  readonly status: number
  constructor(layer: 'gateway' | 'business', code: string, message: string, status: number) {
    super(message)
    this.layer = layer
    this.code = code
    this.status = status
  }
}

/** Code, HTTP status and message, as the gateway answers them. Source: Alibaba Cloud help, Common error codes. */
const GATEWAY_REFUSALS: Record<string, [status: number, message: string]> = {
  'InvalidAction.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  'InvalidApi.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  'InvalidProduct.NotFound': [404, 'Cannot find product according to your specified domain.'],
  MissingParameter: [
    400,
    'The input parameters that are mandatory for processing this request are not supplied.',
  ],
  InvalidVersion: [400, 'Specified parameter Version is not valid.'],
  'InvalidParameter.Format': [400, 'The specified parameter Format is neither XML nor JSON.'],
  UnsupportedHTTPMethod: [400, 'This http method is not supported.'],
  'InvalidProtocol.NeedSsl': [400, 'Your request is denied as lack of ssl protect.'],
  RequestEntityTooLarge: [BODY_TOO_LARGE_STATUS, 'The request body is too large.'],
  'InvalidAccessKeyId.NotFound': [404, 'Specified access key is not found.'],
  'InvalidAccessKeyId.Inactive': [400, 'Specified access key is disabled.'],
  SignatureDoesNotMatch: [
    400,
    'Specified signature is not matched with our calculation. server string to sign is:',
  ],
  IncompleteSignature: [400, 'The request signature does not conform to Aliyun standards.'],
  InvalidSignatureMethod: [400, 'Specified parameter SignatureMethod is not valid.'],
  InvalidSignatureVersion: [400, 'Specified parameter SignatureVersion is not valid.'],
  SignatureNonceUsed: [400, 'Specified signature nonce was used already.'],
  'InvalidTimeStamp.Format': [400, 'Specified time stamp or date value is not well formatted.'],
  'InvalidTimeStamp.Expired': [400, 'Specified time stamp or date value is expired.'],
  MissingSecurityToken: [400, 'SecurityToken is mandatory for this action.'],
  'InvalidSecurityToken.Malformed': [400, 'Specified SecurityToken is malformed.'],
  'InvalidSecurityToken.Expired': [400, 'Specified SecurityToken is expired.'],
  'InvalidSecurityToken.MismatchWithAccessKey': [400, 'Specified SecurityToken mismatch with the AccessKey.'],
  Forbidden: [FORBIDDEN_STATUS, 'User not authorized to operate on the specified resource.'],
  'Forbidden.RAM': [
    FORBIDDEN_STATUS,
    'User not authorized to operate on the specified resource, or this API does not support RAM.',
  ],
  'Forbidden.RiskControl': [403, 'This operation is forbidden by Aliyun Risk Control system.'],
  'Forbidden.NoPermission': [FORBIDDEN_STATUS, 'You are not authorized to perform this operation.'],
  NoPermission: [FORBIDDEN_STATUS, 'You are not authorized to perform this operation.'],
  UnauthorizedOperation: [FORBIDDEN_STATUS, 'You are not authorized to perform this operation.'],
  'Forbidden.UserVerification': [403, 'Your user account is not verified by Aliyun.'],
  Throttling: [400, 'Request was denied due to request throttling.'],
  'Throttling.User': [400, 'Request was denied due to user flow control.'],
  'Throttling.Api': [400, 'Request was denied due to api flow control.'],
  ServiceUnavailable: [503, 'The request has failed due to a temporary failure of the server.'],
  InternalError: [500, 'The request processing has failed due to some unknown error, exception or failure.'],
}

/** The gateway's refusal with this code; a code it does not document answers 400. */
export function gatewayRefusal(code: string, message?: string): Refusal {
  const [status, text] = GATEWAY_REFUSALS[code] ?? [400, missingText(code) ?? code]
  return new Refusal('gateway', code, message ?? text, status)
}

function missingText(code: string): string | undefined {
  const name = /^Missing([A-Z]\w*)$/.exec(code)?.[1]
  return name && `${name} is mandatory for this action.`
}

/** The gateway's refusal of a request without a required parameter: 400 `Missing<Name>`. */
export function missingParameter(name: string): Refusal {
  return gatewayRefusal(`Missing${name}`)
}
