import { addressOf } from './stranger.ts'
import type { Attack } from './trial.ts'

/** Spellings of one phone, and of one mailbox; the inbox shows the number as the cloud dialled it. */
const PHONE = ['8613800138210', '13800138210', '008613800138210', '+8613800138210', '+86 138 0013 8210']
const MAILBOX = ['lim@例子.测试', 'lim@xn--fsqu00a.xn--0zwm56d', 'LIM@例子.测试']

/** A bomber who writes one recipient in several ways gets one allowance and not several. */
export const spellings: Attack = {
  title: 'Spellings: one recipient in several spellings, asked for by strangers and by a back end',
  async run({ stranger, management, messagesTo }) {
    let asked = 0
    for (const [type, forms] of [
      ['phone', PHONE],
      ['email', MAILBOX],
    ] as const)
      for (let round = 0; round < 11; round += 1)
        for (const value of forms) {
          asked += 1
          if (asked % 2) {
            await management('POST', '/api/verification-codes', { [type]: value })
            continue
          }
          const bomber = stranger(addressOf(asked))
          await bomber.begin('Register')
          await bomber.call('POST', '/verification/verification-code', {
            identifier: { type, value },
            interactionEvent: 'Register',
          })
        }
    const byPhone = await messagesTo('+8613800138210')
    // The inbox finds an address in either case, so that one message may be found twice.
    const byMail = new Set((await Promise.all(MAILBOX.map(messagesTo))).flat().map(({ id }) => id))
    return [
      { what: 'messages asked for', value: asked, unit: '' },
      { what: 'messages to the phone within ten minutes', value: byPhone.length, most: 10, unit: '' },
      { what: 'messages to the mailbox within ten minutes', value: byMail.size, most: 10, unit: '' },
    ]
  },
}
