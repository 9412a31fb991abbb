import { addressOf } from './stranger.ts'
import type { Attack } from './trial.ts'

/** A number that the simulated cloud refuses: its owner has opted out. */
const REFUSED = '8613900000001'

/** A number whose messages the cloud refuses is asked for again and again: each try costs a request to the cloud. */
export const refusedSends: Attack = {
  title: 'Refused sends: 90 codes for a number that the cloud refuses, from 90 addresses',
  async run({ stranger, requestsToClouds }) {
    await requestsToClouds()
    for (let n = 0; n < 90; n += 1) {
      const bomber = stranger(addressOf(1_000 + n))
      await bomber.begin('Register')
      await bomber.call('POST', '/verification/verification-code', {
        identifier: { type: 'phone', value: REFUSED },
        interactionEvent: 'Register',
      })
    }
    return [
      {
        what: 'requests to send that reached the cloud',
        value: await requestsToClouds(),
        most: 20,
        unit: 'of 90',
      },
    ]
  },
}
