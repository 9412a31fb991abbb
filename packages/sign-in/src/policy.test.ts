import { describe, expect, it } from 'vitest'
import { pagePolicy } from './policy.ts'
import { sampleCheck } from './samples.ts'

const directive = (policy: string, name: string) =>
  policy
    .split('; ')
    .find(each => each.startsWith(`${name} `))
    ?.slice(name.length + 1)

describe('the content security policy', () => {
  it('lets nothing inline and nothing foreign through, and no frame around the page', () => {
    const policy = pagePolicy({})
    expect(directive(policy, 'default-src')).toBe("'none'")
    expect(directive(policy, 'script-src')).toBe("'self'")
    expect(directive(policy, 'style-src')).toBe("'self'")
    expect(directive(policy, 'worker-src')).toBeUndefined()
    expect(directive(pagePolicy({}, undefined, { check: sampleCheck }), 'worker-src')).toBe("'self'")
    const challenge = { provider: 'turnstile', siteKey: 'one', action: 'two', interaction: 'three' } as const
    const opened = pagePolicy({}, undefined, { check: { challenge } })
    expect(directive(opened, 'script-src')).toBe("'self' https://challenges.cloudflare.com")
    expect(directive(opened, 'frame-src')).toBe('https://challenges.cloudflare.com')
    expect(directive(opened, 'style-src')).toBe("'self'")
    expect(opened).not.toContain('connect-src')
    expect(directive(policy, 'frame-ancestors')).toBe("'none'")
    expect(directive(policy, 'base-uri')).toBe("'none'")
    expect(directive(policy, 'form-action')).toBe("'self'")
    expect(policy).not.toContain('unsafe')
  })

  it('lets pictures come from everywhere, and beside a stylesheet of the operator’s only those of the page', () => {
    const pictures = {
      logoUrl: 'https://cdn.example:8443/a b;script-src *,/logo.svg?v=1',
      darkLogoUrl: 'https://cdn.example/dark.svg',
      favicon: 'data:image/png;base64,AAAA',
      darkFavicon: 'https://cdn.example/dark.svg',
    }
    expect(directive(pagePolicy(pictures), 'img-src')).toBe("'self' data: https:")
    const policy = pagePolicy({ ...pictures, stylesheet: '/assets/custom/a.css' })
    expect(directive(policy, 'img-src')).toBe(
      "'self' data: https://cdn.example:8443/a%20b%3Bscript-src%20*%2C/logo.svg https://cdn.example/dark.svg",
    )
    expect(directive(policy, 'script-src')).toBe("'self'")
    for (const logoUrl of ['http://cdn.example/logo.svg', 'no address', undefined])
      expect(directive(pagePolicy({ ...(logoUrl && { logoUrl }), stylesheet: '/a.css' }), 'img-src')).toBe(
        "'self' data:",
      )
  })

  it.each([
    'https://app.example/callback?a=1',
    'http://[::1]:4321/cb',
    '*',
    "'unsafe-inline'",
    'javascript:alert(1)',
    'data:text/html,x',
    '; script-src *',
    'https://a.example/;script-src *',
    42,
  ])('lets forms lead nowhere else where the visitor comes out at %j', address => {
    expect(directive(pagePolicy({}, address), 'form-action')).toBe("'self'")
  })

  it('lets forms lead to the scheme of a native app', () => {
    expect(directive(pagePolicy({}, 'io.app.native://callback'), 'form-action')).toBe("'self' io.app.native:")
  })
})
