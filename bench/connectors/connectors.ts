import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child } from '../child.ts'
import { interleaved } from '../rounds.ts'
import { CONNECTORS, type ConnectorName } from './senders.ts'

/** What `import-time.ts` loads for each: what a program that sends must load. */
const MODULES: Record<string, Record<ConnectorName, string[]>> = {
  ours: sameForAll(['@countersign/connectors', '../../packages/server/src/outside.ts']),
  logto: {
    'aliyun-sms': ['@logto/connector-aliyun-sms'],
    'aliyun-dm': ['@logto/connector-aliyun-dm'],
    'tencent-sms': ['@logto/connector-tencent-sms'],
  },
  sdk: {
    'aliyun-sms': ['@alicloud/dysmsapi20170525', '@alicloud/openapi-core'],
    'aliyun-dm': ['@alicloud/dm20151123', '@alicloud/openapi-core'],
    'tencent-sms': ['tencentcloud-sdk-nodejs-sms'],
  },
  bare: sameForAll(['undici']),
}
const CONTESTANTS = Object.keys(MODULES)

function sameForAll(modules: string[]): Record<ConnectorName, string[]> {
  return { 'aliyun-sms': modules, 'aliyun-dm': modules, 'tencent-sms': modules }
}

export interface SendFigures extends Record<string, number> {
  /** Sends a second with one in flight, and with 64. */
  perSecond1: number
  perSecond64: number
  /** Milliseconds of the sender's CPU for one send, likewise. */
  cpuMs1: number
  cpuMs64: number
  importMs: number
}

export type ConnectorResults = Record<ConnectorName, Record<string, SendFigures>>

/** Each connector alone, against its peers. */
export async function benchConnectors(rounds: number, milliseconds: number): Promise<ConnectorResults> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
  const cloud = new Child('connectors/cloud.ts')
  const { port, cert } = await cloud.next<{ port: number; cert: string }>()
  const certificate = join(folder, 'cloud.pem')
  writeFileSync(certificate, cert)
  const env = { BENCH_CLOUD_PORT: String(port), NODE_EXTRA_CA_CERTS: certificate }
  try {
    const results = {} as ConnectorResults
    for (const connector of CONNECTORS) results[connector] = await one(connector)
    return results
  } finally {
    await cloud.stop()
    rmSync(folder, { recursive: true })
  }

  async function one(connector: ConnectorName): Promise<Record<string, SendFigures>> {
    const senders = new Map<string, Child>()
    try {
      for (const name of CONTESTANTS) {
        const options = { args: [name, connector], env, preload: ['connectors/loopback.ts'] }
        const sender = new Child('connectors/sender.ts', options)
        senders.set(name, sender)
        await sender.next()
      }
      const measure = (inFlight: number) =>
        interleaved(CONTESTANTS, rounds, name =>
          senders.get(name)!.ask<{ perSecond: number; cpuMs: number }>({ inFlight, milliseconds }),
        )
      const alone = await measure(1)
      const crowd = await measure(64)
      const imports = await importTimes(connector)
      return Object.fromEntries(
        CONTESTANTS.map(name => [
          name,
          {
            perSecond1: alone[name]!.perSecond,
            perSecond64: crowd[name]!.perSecond,
            cpuMs1: alone[name]!.cpuMs,
            cpuMs64: crowd[name]!.cpuMs,
            importMs: imports[name]!.importMs,
          },
        ]),
      )
    } finally {
      for (const sender of senders.values()) await sender.stop()
    }
  }

  function importTimes(connector: ConnectorName) {
    return interleaved(CONTESTANTS, rounds, async name => {
      const child = new Child('connectors/import-time.ts', { args: MODULES[name]![connector] })
      const time = await child.next<{ importMs: number }>()
      await child.stop()
      return time
    })
  }
}
