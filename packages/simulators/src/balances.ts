/** How many messages each account may still send. */
export interface Balances {
  /** Messages left; null means without limit. */
  left(account: string): number | null
  /** Takes so many messages off. Answers false, and takes nothing, when there are not enough. */
  spend(account: string, messages: number): boolean
  /** Sets the balance of the account of this key. Answers false when there is no such key. */
  set(key: string, messages: number | null): boolean
  all(): Record<string, number | null>
  /** Brings back the balances of the beginning. */
  reset(): void
}

/** A key, the account it belongs to (itself when absent), and what the account begins with. */
export interface Holder {
  id: string
  account?: string
  balance?: number
}

/** Creates the balances of all accounts. Accounts are called by the key they began with. */
export function createBalances(holders: Holder[]): Balances {
  const accountOf = new Map(holders.map(({ id, account = id }) => [id, account]))
  const beginning = () =>
    new Map(holders.filter(({ account }) => !account).map(({ id, balance = null }) => [id, balance]))
  let balances = beginning()
  return {
    left: account => balances.get(account) ?? null,
    spend(account, messages) {
      const left = balances.get(account) ?? null
      if (left === null) return true
      if (left < messages) return false
      balances.set(account, left - messages)
      return true
    },
    set(key, messages) {
      const account = accountOf.get(key)
      if (account === undefined) return false
      balances.set(account, messages)
      return true
    },
    all: () => Object.fromEntries(balances),
    reset() {
      balances = beginning()
    },
  }
}
