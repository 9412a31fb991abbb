/** An access key of the simulated Alibaba Cloud account. */
export interface AccessKey {
  id: string
  secret: string
  /** What is wrong with it, if anything. */
  state: 'active' | 'disabled' | 'ram-denied' | 'send-only' | 'forbidden' | 'out-of-service'
  /** The key whose account this one belongs to; its own when absent. */
  account?: string
  /** Messages that the account begins with; without limit when absent. */
  balance?: number
  /** Temporary keys only: the STS token that belongs to it, and whether it has expired. */
  token?: { value: string; expired: boolean }
}

/**
 * The account's keys. Their form is deliberately not the real one (no hyphens there), so that no secret scanner
 * takes them for leaked and nobody takes a leaked one for these.
 */
export const ACCESS_KEYS: AccessKey[] = [
  { id: 'LTAI-simulated-ok', secret: 'simulated-secret-ok', state: 'active' },
  { id: 'LTAI-simulated-disabled', secret: 'simulated-secret-disabled', state: 'disabled' },
  { id: 'LTAI-simulated-ram-denied', secret: 'simulated-secret-ram-denied', state: 'ram-denied' },
  { id: 'LTAI-simulated-forbidden', secret: 'simulated-secret-forbidden', state: 'forbidden' },
  {
    id: 'LTAI-simulated-send-only',
    secret: 'simulated-secret-send-only',
    state: 'send-only',
    account: 'LTAI-simulated-ok',
  },
  { id: 'LTAI-simulated-no-balance', secret: 'simulated-secret-no-balance', state: 'active', balance: 0 },
  { id: 'LTAI-simulated-out-of-service', secret: 'simulated-secret-out-of-service', state: 'out-of-service' },
  {
    id: 'STS.simulated-ok',
    secret: 'simulated-secret-sts',
    state: 'active',
    account: 'LTAI-simulated-ok',
    token: { value: 'simulated-token', expired: false },
  },
  {
    id: 'STS.simulated-expired',
    secret: 'simulated-secret-sts-expired',
    state: 'active',
    account: 'LTAI-simulated-ok',
    token: { value: 'simulated-token-expired', expired: true },
  },
]

/** The account a key belongs to. */
export function accountOf(key: AccessKey): string {
  return key.account ?? key.id
}
