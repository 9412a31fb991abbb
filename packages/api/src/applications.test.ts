import { expect, test } from 'vitest'
import { BackchannelLogoutUri, RedirectUri } from './applications.ts'

test.each(['?', '*', '/', '.*', '%2e'])('an address of endless %s is refused at once', part => {
  expect(RedirectUri.safeParse(`https://${part.repeat(500_000)} `).success).toBe(false)
})

test.each([
  ['http://127.0.0.1:8080/members/redirect_uri?logout=backchannel', undefined],
  ['https://shop.example.com/bye', undefined],
  ['ftp://shop.example.com/bye', /must be an http\(s\) address/],
  ['shop.example.com', /must be an http\(s\) address/],
  ['https://', /must be an http\(s\) address/],
  ['https://me:secret@shop.example.com/bye', /no user name or password/],
  ['https://shop.example.com/bye#now', /no fragment/],
])(
  'the address for logout tokens %s is one that can be asked, or refused with the reason',
  (address, problem) => {
    const { success, error } = BackchannelLogoutUri.safeParse(address)
    expect(success).toBe(problem === undefined)
    if (problem) expect(error?.issues[0]?.message).toMatch(problem)
  },
)
