import type { BackchannelFailure } from '@countersign/api'
import { networkCode } from '@countersign/kit'
import { TargetRefused } from '../http/targets.ts'

/** Why an application did not hear that somebody signed out. */
export interface Failure {
  reason: BackchannelFailure
  /** Of the answer, if there was one. */
  status?: number
  /** Another try may end otherwise. */
  passing: boolean
  /** Cause and remedy, for operators. */
  sentence: string
}

const CERTIFICATE = /^(?:CERT_|ERR_TLS_)|CERT|ISSUER|SIGNATURE|HOSTNAME_MISMATCH/

function ofStatus(status: number): Failure {
  const answered = `The application answered with status ${status}`
  if (status >= 300 && status < 400)
    return {
      reason: 'redirects',
      status,
      passing: false,
      sentence: `${answered}; redirects are not followed. Set its backchannelLogoutUri to the address that it redirects to.`,
    }
  if (status >= 500 || status === 408 || status === 429)
    return {
      reason: 'faulty',
      status,
      passing: true,
      sentence: `${answered}, again and again. Look into its log.`,
    }
  return {
    reason: 'refused',
    status,
    passing: false,
    sentence: `${answered} in place of 200. Check its backchannelLogoutUri, and that it takes logout tokens of this issuer, signed as its ID tokens are.`,
  }
}

function ofNetwork(error: unknown, deadline: number): Failure {
  if (error instanceof TargetRefused)
    return { reason: 'private_address', passing: false, sentence: `${error.message}.` }
  if (error instanceof Error && error.name === 'TimeoutError')
    return {
      reason: 'no_answer',
      passing: true,
      sentence: `The application did not answer within ${deadline / 1000} s. Check that it runs, and that no firewall lies between.`,
    }
  const code = networkCode(error) ?? 'no code'
  if (/^ENOTFOUND$|^EAI_/.test(code))
    return {
      reason: 'no_such_host',
      passing: true,
      sentence: `There is no host of this name (${code}). Check its backchannelLogoutUri, and the name server of this machine.`,
    }
  if (code === 'ECONNREFUSED')
    return {
      reason: 'not_listening',
      passing: true,
      sentence: `Nobody listens at that address and port (${code}). Check its backchannelLogoutUri, and that the application runs.`,
    }
  if (CERTIFICATE.test(code))
    return {
      reason: 'certificate',
      passing: false,
      sentence: `The certificate of the application is not trusted here (${code}). Mend it, or make its issuer known by NODE_EXTRA_CA_CERTS.`,
    }
  return {
    reason: 'network',
    passing: true,
    sentence: `The connection to the application failed (${code}). Check the network between here and its backchannelLogoutUri.`,
  }
}

/** What a delivery failed of; of `undefined`, that there were too many to begin it. `deadline`: of a try, in milliseconds. */
export function failureOf(error: unknown, deadline: number): Failure {
  if (error === undefined)
    return {
      reason: 'busy',
      passing: false,
      sentence:
        'Too many applications were being told at once, or the server was stopping, so this one was not.',
    }
  // oidc-provider hands the answer along that it does not like.
  const status = (error as { response?: { status?: unknown } }).response?.status
  return typeof status === 'number' ? ofStatus(status) : ofNetwork(error, deadline)
}
