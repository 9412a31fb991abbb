import type { CheckItem } from '@countersign/kit'
import { expect, test } from 'vitest'
import { withSegments } from './segments.ts'

const approved: CheckItem = { subject: 'template:SMS_1', state: 'approved' }
const long = `您的验证码为\${code}，${'请勿泄露。'.repeat(12)}`

test('a template whose messages are charged more than once stays approved and says so', () => {
  const item = withSegments(approved, { text: long, signature: '示例科技', destination: 'china' })
  expect(item.state).toBe('approved')
  expect(item.reason?.en).toContain('79 characters and is charged as 2 segments')
  expect(item.reason?.['zh-CN']).toContain('按 2 条计费')
  expect(item.remedy?.en).toContain('shorter template')
})

test('a template of one segment, and one that is not approved, stay as they are', () => {
  const english = 'Your verification code is {1}. It expires in {2} minutes. Tell it to nobody, please.'
  for (const [item, text, destination] of [
    [approved, '您的验证码为{1}', 'china'],
    // As long as this is, it is one segment in the alphabet of GSM.
    [approved, english, 'overseas'],
    [{ ...approved, state: 'rejected' }, long, 'china'],
  ] as const)
    expect(withSegments(item, { text, signature: undefined, destination })).toBe(item)
})
