import type { Application } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import { readDelivery } from './delivery.ts'
import { lineOfEntry, toLines } from './lines.ts'
import { snippetFor } from './snippet.ts'

describe('a list typed one in each line', () => {
  const text = '\n https://a.example/cb \n\r\n\nnonsense\n'

  test('has an entry for each line that is not empty', () => {
    expect(toLines(text)).toEqual(['https://a.example/cb', 'nonsense'])
  })

  test('tells the line of an entry', () => {
    expect(lineOfEntry(text, 0)).toBe(2)
    expect(lineOfEntry(text, 1)).toBe(5)
  })
})

describe('the snippet', () => {
  const snippet = (type: Application['type'], issuer: string) =>
    snippetFor({ id: "it's", type } as Application, { issuer, redirectUri: 'https://a.example/cb' })

  test('asks for a secret only from those who can keep one', () => {
    expect(snippet('Traditional', 'https://id.example/oidc')).toContain('<secret>')
    expect(snippet('SPA', 'https://id.example/oidc')).not.toContain('<secret>')
  })

  test('allows plain HTTP only where the issuer has nothing else', () => {
    expect(snippet('SPA', 'http://localhost:3001/oidc')).toContain('allowInsecureRequests')
    expect(snippet('SPA', 'https://id.example/oidc')).not.toContain('allowInsecureRequests')
  })

  test('gets a machine its token and quotes what it is given', () => {
    expect(snippet('MachineToMachine', 'https://id.example/oidc')).toContain('clientCredentialsGrant')
    expect(snippet('Native', 'https://id.example/oidc')).toContain("'it\\'s'")
  })
})

describe('the delivery of a logout token', () => {
  const read = (backchannelLogout?: unknown) =>
    readDelivery({ payload: { ...(backchannelLogout !== undefined && { backchannelLogout }) } })

  test('tells why it failed, as far as the console has a sentence for it', () => {
    expect(read({ reason: 'refused', status: 404 })).toEqual({ reason: 'refused', status: 404 })
    expect(read({ reason: 'constructor', status: '404' })).toEqual({ reason: undefined, status: undefined })
    expect(read()).toEqual({ reason: undefined, status: undefined })
  })
})
