import { type AuditLog, BACKCHANNEL_FAILURES, type BackchannelFailure } from '@countersign/api'

/** What an entry of the audit log says about the delivery of a logout token; undefined where it does not say. */
export function readDelivery({ payload }: Pick<AuditLog, 'payload'>): {
  reason: BackchannelFailure | undefined
  status: number | undefined
} {
  const told = (payload.backchannelLogout ?? {}) as { reason?: unknown; status?: unknown }
  return {
    reason: BACKCHANNEL_FAILURES.find(reason => reason === told.reason),
    status: typeof told.status === 'number' ? told.status : undefined,
  }
}
