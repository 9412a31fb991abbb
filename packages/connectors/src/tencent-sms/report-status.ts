import type { Receipt } from '@countersign/kit'

/** What the callback and the pulled status call SUCCESS or FAIL. */
export const stateOf = (said: string): Receipt['state'] =>
  said.toUpperCase() === 'SUCCESS' ? 'delivered' : said.toUpperCase() === 'FAIL' ? 'failed' : 'pending'
