import { expect, test } from 'vitest'
import { RedirectUri } from './applications.ts'

test.each(['?', '*', '/', '.*', '%2e'])('an address of endless %s is refused at once', part => {
  expect(RedirectUri.safeParse(`https://${part.repeat(500_000)} `).success).toBe(false)
})
