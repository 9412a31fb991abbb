import { readFileSync } from 'node:fs'
import { SendError } from '@countersign/kit'
import { describe, expect, test } from 'vitest'
import * as acs3 from './aliyun-acs3.ts'
import * as rpc from './aliyun-rpc.ts'
import * as tc3 from './tc3.ts'

interface Vector {
  id: string
  note: string
  input: unknown
  expected: Record<string, unknown> & { mustNotEqual?: { mistake: string; signature: string }[] }
}

const vectorsOf = (name: string): Vector[] =>
  JSON.parse(readFileSync(new URL(`./vectors/${name}.json`, import.meta.url), 'utf8')).vectors

const SCHEMES = {
  'aliyun-rpc-v1': rpc.sign as (input: never) => Record<string, unknown>,
  acs3: acs3.sign as (input: never) => Record<string, unknown>,
  tc3: tc3.sign as (input: never) => Record<string, unknown>,
}
// Keys that are derived on the way and that nobody but the scheme itself needs to see.
const INNER = ['mustNotEqual', 'kDateHex', 'kServiceHex', 'kSigningHex']

describe.each(Object.keys(SCHEMES) as (keyof typeof SCHEMES)[])('the scheme %s', name => {
  const sign = SCHEMES[name]

  test.each(vectorsOf(name))('signs $id as the vendor does, in every part', ({ input, expected }) => {
    const outer = Object.entries(expected).filter(([key]) => !INNER.includes(key))
    expect(sign(input as never)).toMatchObject(Object.fromEntries(outer))
  })

  test.each(vectorsOf(name))('makes none of the known mistakes in $id', ({ input, expected }) => {
    const { signature } = sign(input as never)
    for (const { mistake, signature: wrong } of expected.mustNotEqual ?? [])
      expect(signature, mistake).not.toBe(wrong)
  })
})

describe('half a surrogate pair', () => {
  const half = '\ud83d'
  const rpcInput = { method: 'POST', accessKeySecret: 's', params: { a: 'x' } }
  const acs3Input = {
    accessKeyId: 'i',
    accessKeySecret: 's',
    method: 'POST',
    query: {},
    headers: { host: 'h' },
  }
  const tc3Input = {
    secretId: 'i',
    secretKey: 's',
    method: 'POST',
    host: 'h',
    contentType: 'application/json',
    timestamp: 0,
    service: 'sms',
    payload: '{}',
  }
  test.each([
    ['a value of the RPC scheme', () => rpc.sign({ ...rpcInput, params: { a: half } })],
    ['a name of the RPC scheme', () => rpc.sign({ ...rpcInput, params: { [half]: 'x' } })],
    ['the secret of the RPC scheme', () => rpc.sign({ ...rpcInput, accessKeySecret: half })],
    ['the query of ACS3', () => acs3.sign({ ...acs3Input, query: { a: `${half}x` } })],
    ['the body of ACS3', () => acs3.sign({ ...acs3Input, body: half })],
    ['a header of ACS3', () => acs3.sign({ ...acs3Input, headers: { host: half } })],
    ['the payload of TC3', () => tc3.sign({ ...tc3Input, payload: half })],
    ['the content type of TC3', () => tc3.sign({ ...tc3Input, contentType: half })],
  ])('in %s is refused before anything is signed', (_, sign) => {
    expect(sign).toThrow(new SendError('message_rejected', { code: 'lone_surrogate' }))
  })
})
