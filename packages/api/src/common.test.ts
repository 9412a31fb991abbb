import { expect, test } from 'vitest'
import { WebAddress } from './common.ts'

test('an address of the web is one of http or https, however it is written', () => {
  const isWeb = (text: string) => WebAddress.safeParse(text).success
  for (const right of ['https://a.example/x', 'http://localhost:3000', 'HTTPS://A.EXAMPLE'])
    expect(isWeb(right), right).toBe(true)
  for (const wrong of [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://a.example/1',
    '//a.example',
    '/x',
    `https://a.example/${'x'.repeat(2048)}`,
  ])
    expect(isWeb(wrong), wrong).toBe(false)
})
