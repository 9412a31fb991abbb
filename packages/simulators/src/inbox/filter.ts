import type { InboxMessage } from './inbox.ts'

/** Without what people put between digits and with one case: a plus sign in a query often arrives as a space. */
function plain(recipient: string): string {
  return recipient.replace(/[\s+()-]/g, '').toLowerCase()
}

/** True when the message went to this recipient; a mainland number may stand without its country code. */
export function wentTo(message: Pick<InboxMessage, 'cloud' | 'to'>, recipient: string): boolean {
  const isMail = message.cloud === 'aliyun-dm'
  const wanted = isMail ? recipient.trim().toLowerCase() : plain(recipient)
  const to = isMail ? message.to.toLowerCase() : plain(message.to)
  return to === wanted || to === `86${wanted}`
}

/** True when the recipient contains the given part; an empty part matches all. */
export function wentToPart(message: InboxMessage, part: string): boolean {
  const wanted = plain(part)
  return wanted === '' || plain(message.to).includes(wanted)
}
