import { describe, expect, it } from 'vitest'
import { originAllowed, redirectAllowed } from './redirects.ts'

describe('a redirect address', () => {
  it.each([
    ['https://app.example.com', 'https://app.example.com/'],
    ['HTTPS://APP.example.com:443/cb', 'https://app.example.com/cb'],
    ['https://app.example.com/a/../cb', 'https://app.example.com/cb'],
    ['com.example.app://callback', 'com.example.app://callback'],
    ['https://shop.example.com/cb', 'https://*.example.com/cb'],
    ['https://pr-12-shop.preview.example.com/', 'https://pr-*.preview.example.com/'],
    ['https://app.example.com/cb/1/2', 'https://app.example.com/cb/*'],
    ['https://app.example.com/cb/a%20b/50%25', 'https://app.example.com/cb/*'],
    ['https://app.example.com/cb/%E4%BD%A0', 'https://app.example.com/cb/*'],
    ['https://a.example.co.uk/cb', 'https://*.example.co.uk/cb'],
  ])('%s is covered by %s', (candidate, registered) => {
    expect(redirectAllowed(candidate, [registered])).toBe(true)
  })

  it.each([
    ['https://app.example.com/other', 'https://app.example.com/cb'],
    ['https://app.example.com/cb?x=1', 'https://app.example.com/cb'],
    ['https://app.example.com/cb#x', 'https://app.example.com/cb'],
    ['http://app.example.com/cb', 'https://app.example.com/cb'],
    ['https://app.example.com:8443/cb', 'https://app.example.com/cb'],
    ['https://user@app.example.com/cb', 'https://app.example.com/cb'],
    ['https://evil.com/.example.com/cb', 'https://*.example.com/cb'],
    ['https://a.b.example.com/cb', 'https://*.example.com/cb'],
    ['https://example.com/cb', 'https://*.example.com/cb'],
    ['https://user@a.example.com/cb', 'https://*.example.com/cb'],
    ['https://*.example.com/cb', 'https://*.example.com/cb'],
    ['https://evil.com/', 'https://*.com/'],
    ['https://a.evil.com/', 'https://a.*.com/'],
    ['https://evil.github.io/cb', 'https://*.github.io/cb'],
    ['https://evil.co.uk/cb', 'https://*.co.uk/cb'],
    ['https://shop-evil.vercel.app/cb', 'https://shop-*.vercel.app/cb'],
    ['https://app.example.com/cb/%2f..%2fx', 'https://app.example.com/cb/*'],
    ['https://app.example.com/cb/..%2fx', 'https://app.example.com/cb/*'],
    ['https://app.example.com/cb/%252e%252e%252fx', 'https://app.example.com/cb/*'],
    ['https://app.example.com/cb/..%5cx', 'https://app.example.com/cb/*'],
    ['https://app.example.com/cb/%2e%2e;/x', 'https://app.example.com/cb/*'],
    ['https://app.example.com/cb/..;a/x', 'https://app.example.com/cb/*'],
    ['https://app.example.com/cb/../x', 'https://app.example.com/cb/*'],
    ['com.example.app://callback/x', 'com.example.app://callback/*'],
    ['http://localhost:5000/cb', 'http://localhost:3000/cb'],
    ['not an address', 'https://app.example.com/'],
    ['', 'https://app.example.com/'],
  ])('%s is not covered by %s', (candidate, registered) => {
    expect(redirectAllowed(candidate, [registered])).toBe(false)
  })

  it('may have any port on the loopback of a native application', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(redirectAllowed(`http://${host}:51234/cb`, [`http://${host}/cb`], true)).toBe(true)
      expect(redirectAllowed(`http://${host}/cb`, [`http://${host}:1/cb`], true)).toBe(true)
      expect(redirectAllowed(`https://${host}:51234/cb`, [`https://${host}/cb`], true)).toBe(false)
    }
    expect(redirectAllowed('http://127.0.0.1:1/cb', ['http://localhost/cb'], true)).toBe(false)
    expect(redirectAllowed('http://localhost:1/other', ['http://localhost/cb'], true)).toBe(false)
    expect(redirectAllowed('http://app.example.com:1/cb', ['http://app.example.com/cb'], true)).toBe(false)
  })
})

describe('an origin', () => {
  it.each([
    ['https://app.example.com', 'https://app.example.com/cb', true],
    ['https://shop.example.com', 'https://*.example.com/cb', true],
    ['https://app.example.com:8443', 'https://app.example.com/cb', false],
    ['http://app.example.com', 'https://app.example.com/cb', false],
    ['https://evil.com', 'https://*.example.com/cb', false],
    ['https://evil.github.io', 'https://*.github.io/cb', false],
    ['null', 'com.example.app://callback', false],
  ])('%s is that of %s: %s', (origin, registered, expected) => {
    expect(originAllowed(origin, [registered])).toBe(expected)
  })
})
