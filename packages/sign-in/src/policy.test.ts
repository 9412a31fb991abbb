import { describe, expect, it } from 'vitest'
import { pagePolicy } from './policy.ts'

const directive = (policy: string, name: string) =>
  policy
    .split('; ')
    .find(each => each.startsWith(`${name} `))
    ?.slice(name.length + 1)

describe('the content security policy', () => {
  it('lets nothing inline and nothing foreign through, and no frame around the page', () => {
    const policy = pagePolicy({ formTargets: [] })
    expect(directive(policy, 'default-src')).toBe("'none'")
    expect(directive(policy, 'script-src')).toBe("'self'")
    expect(directive(policy, 'style-src')).toBe("'self'")
    expect(directive(policy, 'frame-ancestors')).toBe("'none'")
    expect(directive(policy, 'base-uri')).toBe("'none'")
    expect(directive(policy, 'form-action')).toBe("'self'")
    expect(policy).not.toContain('unsafe')
  })

  it('lets forms lead to the origin of a web application and to the scheme of a native one', () => {
    const policy = pagePolicy({
      formTargets: [
        'https://app.example/callback?a=1',
        'https://app.example/other',
        'io.app.native://callback',
      ],
    })
    expect(directive(policy, 'form-action')).toBe("'self' https://app.example io.app.native:")
  })

  it('falls back to the scheme for an IPv6 loopback address, which a policy cannot name', () => {
    expect(directive(pagePolicy({ formTargets: ['http://[::1]:4321/cb'] }), 'form-action')).toBe(
      "'self' http:",
    )
  })

  it('drops what is no address or would open the policy up', () => {
    const policy = pagePolicy({
      formTargets: ['*', "'unsafe-inline'", 'javascript:alert(1)', 'data:text/html,x', '; script-src *'],
    })
    expect(directive(policy, 'form-action')).toBe("'self'")
    expect(directive(pagePolicy({ formTargets: ['https://a.example/;script-src *'] }), 'form-action')).toBe(
      "'self' https://a.example",
    )
  })
})
