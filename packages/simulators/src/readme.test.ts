import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SENDERS } from './aliyun-dm/accounts.ts'
import { MAGIC_LOCAL_PARTS } from './aliyun-dm/recipients.ts'
import { ACCESS_KEYS } from './aliyun-gateway/access-keys.ts'
import { SIGNATURES as ALIYUN_SIGNATURES } from './aliyun-sms/accounts.ts'
import { MAGIC_RECIPIENTS as ALIYUN_RECIPIENTS } from './aliyun-sms/recipients.ts'
import { FAULT_KINDS } from './faults.ts'
import { APPLICATIONS, SECRET_KEYS, SIGNATURES as TENCENT_SIGNATURES } from './tencent-sms/accounts.ts'
import { MAGIC_RECIPIENTS as TENCENT_RECIPIENTS } from './tencent-sms/recipients.ts'

const lines = readFileSync(new URL('../README.md', import.meta.url), 'utf8').split('\n')
const hasLine = (...parts: string[]) => lines.some(line => parts.every(part => line.includes(part)))

/** +86 139 0000 0001, as a person would write it. */
const spaced = (e164: string) => e164.replace(/^(\+86)(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3 $4')

describe('the README', () => {
  it('lists every account', () => {
    for (const { id, secret } of ACCESS_KEYS) expect(hasLine(`\`${id}\``, `\`${secret}\``), id).toBe(true)
    for (const { id, key } of SECRET_KEYS) expect(hasLine(`\`${id}\``, `\`${key}\``), id).toBe(true)
    for (const { address, region } of SENDERS) expect(hasLine(`\`${address}\``, region), address).toBe(true)
    for (const { id } of APPLICATIONS) expect(hasLine(`\`${id}\``), id).toBe(true)
    for (const { name } of ALIYUN_SIGNATURES) expect(hasLine(name), name).toBe(true)
    for (const { content } of TENCENT_SIGNATURES) expect(hasLine(content), content).toBe(true)
  })

  it('lists every recipient that fails, with its code', () => {
    for (const { e164, code } of [...ALIYUN_RECIPIENTS, ...TENCENT_RECIPIENTS]) {
      expect(hasLine(spaced(e164), `\`${code}\``), e164).toBe(true)
    }
    for (const { localPart, code } of MAGIC_LOCAL_PARTS) {
      expect(hasLine(`\`${localPart}@…\``, `\`${code}\``), localPart).toBe(true)
    }
  })

  it('lists every fault', () => {
    for (const kind of FAULT_KINDS) expect(hasLine(`\`${kind}\``), kind).toBe(true)
  })
})
