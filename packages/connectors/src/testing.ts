import type { Link, Localized } from '@countersign/kit'
import { expect } from 'vitest'

/** Hosts of the two clouds that remedies lead to. */
const HOSTS = [
  'dysms.console.aliyun.com',
  'dypns.console.aliyun.com',
  'dm.console.aliyun.com',
  'ram.console.aliyun.com',
  'home.console.aliyun.com',
  'smartservice.console.aliyun.com',
  'usercenter2.aliyun.com',
  'status.aliyun.com',
  'help.aliyun.com',
  'api.aliyun.com',
  'console.cloud.tencent.com',
  'cloud.tencent.com',
  'status.cloud.tencent.com',
]

/** What a remedy may name in either language, and what the address of a page of that name looks like. */
const NAMED: readonly [words: RegExp, address: RegExp][] = [
  [/\bSMS console\b|短信(?:服务)?控制台/, /\/dysms\.console\.aliyun\.com|\/smsv2$/m],
  [/\bPNVS console\b|号码认证服务控制台/, /\/dypns\.console\.aliyun\.com/],
  [/\bDirect Mail console\b|邮件推送控制台/, /\/dm\.console\.aliyun\.com/],
  [/\bRAM console\b|RAM 控制台/, /\/ram\.console\.aliyun\.com/],
  [/\bCAM console\b|CAM）控制台/, /\/console\.cloud\.tencent\.com\/cam/],
  [/\bAlibaba Cloud console\b|阿里云控制台/, /\/home\.console\.|\/usercenter2\./],
  [/\bExpenses and Costs\b|费用与成本/, /\/usercenter2\.aliyun\.com/],
  [/\bconsoles?\b|控制台/, /console|usercenter/],
  [/\btickets?\b|工单/, /create-ticket|workorder/],
  [/\bstatus page\b|状态页|status\.aliyun/, /\/status\./],
  [/\bprovider's documents\b|服务商文档/, /\/document/],
  [/\bdysms\.console\.aliyun\.com/, /\/dysms\.console\.aliyun\.com/],
  [/\bdm\.console\.aliyun\.com/, /\/dm\.console\.aliyun\.com/],
]

/** Expects that every page which a remedy names stands beside it, and that every address has the right form. */
export function expectLinked(remedy: Localized, links: readonly Link[] = [], about: string): void {
  const addresses = links.map(({ href }) => href)
  expect(new Set(addresses).size, `${about}: no address twice`).toBe(addresses.length)
  for (const { href, label } of links) {
    const url = new URL(href)
    expect(url.protocol, href).toBe('https:')
    expect(HOSTS, href).toContain(url.hostname)
    expect(href, about).not.toMatch(/\s/)
    expect(label.en, href).toMatch(/\S/)
    expect(label['zh-CN'], href).toMatch(/\p{Script=Han}/u)
  }
  for (const [words, address] of NAMED)
    for (const text of [remedy.en, remedy['zh-CN']])
      if (words.test(text)) expect(addresses.join('\n'), `${about}: ${text}`).toMatch(address)
}
