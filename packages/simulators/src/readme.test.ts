import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SENDERS } from './aliyun-dm/accounts.ts'
import { createAliyunDm } from './aliyun-dm/aliyun-dm.ts'
import { FAILED_TYPES, NO_RECEIPT_LOCAL_PART } from './aliyun-dm/outcomes.ts'
import { MAGIC_LOCAL_PARTS } from './aliyun-dm/recipients.ts'
import { ACCESS_KEYS } from './aliyun-gateway/access-keys.ts'
import { SIGNATURES as PNVS_SIGNATURES, TEMPLATES as PNVS_TEMPLATES } from './aliyun-pnvs/accounts.ts'
import { createAliyunPnvs } from './aliyun-pnvs/aliyun-pnvs.ts'
import { MAGIC_RECIPIENTS as PNVS_RECIPIENTS } from './aliyun-pnvs/recipients.ts'
import { SIGNATURES as ALIYUN_SIGNATURES, TEMPLATES as ALIYUN_TEMPLATES } from './aliyun-sms/accounts.ts'
import { createAliyunSms } from './aliyun-sms/aliyun-sms.ts'
import { MAGIC_RECEIPTS as ALIYUN_RECEIPTS } from './aliyun-sms/receipts.ts'
import { MAGIC_RECIPIENTS as ALIYUN_RECIPIENTS } from './aliyun-sms/recipients.ts'
import type { World } from './cloud.ts'
import { createClouds } from './clouds.ts'
import { FAULT_KINDS } from './faults.ts'
import { controlRoutes } from './site/control.ts'
import {
  APPLICATIONS,
  SECRET_KEYS,
  SIGNATURES as TENCENT_SIGNATURES,
  TEMPLATES as TENCENT_TEMPLATES,
} from './tencent-sms/accounts.ts'
import { MAGIC_RECEIPTS as TENCENT_RECEIPTS } from './tencent-sms/receipts.ts'
import { MAGIC_RECIPIENTS as TENCENT_RECIPIENTS } from './tencent-sms/recipients.ts'
import { createTencentSms } from './tencent-sms/tencent-sms.ts'

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
    for (const { name, review } of ALIYUN_SIGNATURES) expect(hasLine(name, review), name).toBe(true)
    for (const name of PNVS_SIGNATURES) expect(hasLine(name), name).toBe(true)
    for (const code of Object.keys(PNVS_TEMPLATES)) expect(hasLine(code), code).toBe(true)
    for (const { id, content, review } of TENCENT_SIGNATURES)
      expect(hasLine(id, content, review), id).toBe(true)
  })

  it('lists every template that is not approved', () => {
    const open = <T extends { review: string }>(templates: T[]) =>
      templates.filter(({ review }) => review !== 'approved')
    for (const { code, review } of open(ALIYUN_TEMPLATES)) expect(hasLine(code, review), code).toBe(true)
    for (const { id, review } of open(TENCENT_TEMPLATES)) expect(hasLine(`\`${id}\``, review), id).toBe(true)
  })

  it('lists every recipient that fails, with its code', () => {
    for (const { e164, code } of [...ALIYUN_RECIPIENTS, ...PNVS_RECIPIENTS, ...TENCENT_RECIPIENTS]) {
      expect(hasLine(spaced(e164), `\`${code}\``), e164).toBe(true)
    }
    for (const { localPart, code } of MAGIC_LOCAL_PARTS) {
      expect(hasLine(`\`${localPart}@…\``, `\`${code}\``), localPart).toBe(true)
    }
  })

  it('lists every recipient that is not reached, with the code of its receipt', () => {
    const lists = [
      { column: 2, entries: ALIYUN_RECEIPTS },
      { column: 3, entries: TENCENT_RECEIPTS },
    ]
    for (const { column, entries } of lists) {
      for (const { e164, code } of entries) {
        const cells = lines.find(line => line.includes(`| ${spaced(e164)} `))?.split('|')
        const expected = code === undefined ? 'no receipt ever' : `\`${code}\``
        expect([e164, cells?.[column]?.trim()]).toEqual([e164, expected])
      }
    }
    for (const [type, status] of Object.entries(FAILED_TYPES)) {
      const localPart = type.toLowerCase()
      expect(hasLine(`\`${localPart}@…\``, `\`${type}\``, `| ${status},`), type).toBe(true)
    }
    expect(hasLine(`\`${NO_RECEIPT_LOCAL_PART}@…\``)).toBe(true)
  })

  it('lists every action and every route of the control API', () => {
    const world = { now: Date.now } as World
    for (const create of [createAliyunSms, createAliyunPnvs, createAliyunDm, createTencentSms]) {
      for (const action of create(world).actions) expect(hasLine(`\`${action}\``), action).toBe(true)
    }
    const { control, inbox } = createClouds()
    const routes = controlRoutes(control, inbox).routes.filter(({ method }) => method !== 'ALL')
    for (const { method, path } of routes) {
      const name = `${method} /control${path === '/' ? '' : path}`
      expect(
        lines.some(line => line.startsWith(`| \`${name}`)),
        name,
      ).toBe(true)
    }
  })

  it('lists every fault', () => {
    for (const kind of FAULT_KINDS) expect(hasLine(`\`${kind}\``), kind).toBe(true)
  })
})
