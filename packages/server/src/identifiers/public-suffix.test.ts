import { expect, test } from 'vitest'
import { isOpenToStrangers } from './public-suffix.ts'

test.each([
  '*.com',
  'shop.*.com',
  '*.co.uk',
  'a.*.co.uk',
  '*.github.io',
  'shop-*.vercel.app',
  '*.pages.dev',
  '*.s3.amazonaws.com',
  // 公司.cn, as addresses carry it.
  '*.xn--55qx5d.cn',
  '*.localhost',
  '*',
])('%s is open to strangers', host => {
  expect(isOpenToStrangers(host)).toBe(true)
})

test.each([
  'github.io',
  '*.example.com',
  'pr-*.preview.example.com',
  '*.example.co.uk',
  '*.shop.github.io',
  '*.app.localhost',
  '*.intranet.corp',
])('%s is not', host => {
  expect(isOpenToStrangers(host)).toBe(false)
})
