import { createClouds } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { eachDatabase } from '../../db/testing.ts'
import { simulatedFetch } from '../../outside.ts'
import { dump, testKeys, testWorld } from '../../testing/world.ts'
import { createHooks } from '../hooks.ts'
import { sample } from '../samples.ts'
import { dingtalkSign } from './message.ts'

const MINUTE = 60_000
const PAGE = { page: 1, size: 100, offset: 0 }
const ALL = { event: undefined, from: 0, to: undefined, capped: false }
const wecom = (token = 'simulated-ok') => ({
  url: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${token}`,
  robot: { form: 'wecom' as const, language: 'en' as const },
})
const dingtalk = (token: string, secret?: string | null) => ({
  url: `https://oapi.dingtalk.com/robot/send?access_token=${token}`,
  robot: { form: 'dingtalk' as const, language: 'zh-CN' as const, ...(secret !== undefined && { secret }) },
})
const EVENTS = ['Connection.Health.Updated', 'Identifier.Lockout', 'User.Created', 'PostSignIn'] as const

eachDatabase('robots of chat services', openFresh => {
  async function start() {
    const db = await openFresh()
    const world = testWorld()
    const clouds = createClouds({ now: world.now })
    const never = async () => Promise.reject(new Error('only robots are asked here'))
    const open = () =>
      createHooks(db, testKeys, world, {
        fetch: never,
        robots: simulatedFetch(clouds),
        console: 'https://c.example',
      })
    const hooks = open()
    const make = (config: Parameters<typeof hooks.create>[0]['config'] = wecom()) =>
      hooks.create({ events: [...EVENTS], config })
    const log = async (id: string) => (await hooks.log(id, ALL, PAGE)).entries
    /** The first lines of what was written, oldest first. */
    const titles = () =>
      clouds.robots
        .messages()
        .map(({ text }) => text.split('\n')[0]!.slice(13))
        .reverse()
    const health = (state: string, reason: string | null) => {
      const { data } = sample('Connection.Health.Updated') as { data: { health: object } }
      const told = { data: { ...data, health: { ...data.health, state, reason } } }
      world.wait(1)
      return hooks.emit('Connection.Health.Updated', () => told)
    }
    const blocked = (value: string) => hooks.emit('Identifier.Lockout', () => ({ type: 'phone', value }))
    return { db, world, clouds, hooks, open, make, log, titles, health, blocked }
  }

  test('are told of a state once an hour, and when it is over', async () => {
    const { hooks, make, log, titles, health, world } = await start()
    const { id } = await make()
    await health('resting', 'balance_exhausted')
    await hooks.deliverDue()
    await health('healthy', null)
    await hooks.deliverDue()
    const told = ['Balance exhausted: Sample connection', 'Sample connection works again']
    expect(titles()).toEqual(told)
    // Within the hour it comes and goes; what is so when the hour is over is told, and nothing of what was between.
    for (const [state, reason] of [
      ['resting', 'balance_exhausted'],
      ['healthy', null],
      ['resting', 'balance_exhausted'],
    ] as const) {
      await health(state, reason)
      await hooks.deliverDue()
    }
    expect(titles()).toEqual(told)
    world.wait(60 * MINUTE)
    await hooks.deliverDue()
    expect(titles()).toEqual([...told, told[0]])
    const notes = (await log(id)).map(({ payload: { note = 'told' } }) => note)
    expect(notes.sort()).toEqual(['outdated', 'outdated', 'told', 'told', 'told'])
  })

  test('are told of blocked identifiers in one message an hour, by any number of nodes', async () => {
    const { hooks, open, make, clouds, log, world, blocked } = await start()
    const { id } = await make()
    for (let nth = 0; nth < 54; nth += 1) await blocked(`8613800138${String(nth).padStart(3, '0')}`)
    await Promise.all([hooks, open(), open()].map(node => node.deliverDue()))
    await blocked('8613900139000')
    await hooks.deliverDue()
    expect(clouds.robots.messages()).toHaveLength(1)
    world.wait(61 * MINUTE)
    await hooks.deliverDue()
    const [second, first] = clouds.robots.messages()
    expect(first?.text).toMatch(/\n54 refusals since the last message\nConsole: https:\/\/c\.example\/logs$/)
    expect(second?.text).toMatch(/\n1 phone number\n/)
    expect(JSON.stringify(clouds.robots.messages())).not.toMatch(/138001|13900139/)
    expect((await log(id)).filter(({ payload }) => payload.note === 'together')).toHaveLength(53)
    expect((await hooks.get(id, true)).executionStats).toEqual({ successCount: 55, requestCount: 55 })
  })

  test('are written to fifteen times a minute, and told of the rest together', async () => {
    const { hooks, open, make, world, titles } = await start()
    await make()
    for (let nth = 0; nth < 22; nth += 1)
      await hooks.emit('User.Created', () => ({ data: { id: `u${nth}` } }))
    await Promise.all([hooks, open()].map(node => node.deliverDue()))
    expect(titles()).toEqual(Array.from({ length: 15 }, () => 'A user was created'))
    // Places that two nodes take in one millisecond count as taken one after the other.
    world.wait(MINUTE + 100)
    await hooks.deliverDue()
    expect(titles().length).toBeLessThan(20)
    expect(titles().slice(15).join()).toMatch(/\d+ alerts/)
    world.wait(60 * MINUTE)
    await hooks.deliverDue()
    expect(titles().length).toBeLessThan(20)
  })

  test('are tried again after a second, a minute and ten, unless the settings are wrong', async () => {
    const { hooks, make, world, log } = await start()
    const busy = await make(wecom('simulated-broken'))
    const wrong = await make(dingtalk('simulated-other-keyword'))
    await hooks.emit('PostSignIn', () => ({ userId: 'u1' }))
    await hooks.deliverDue()
    const [entry] = await log(wrong.id)
    expect(entry?.payload).toMatchObject({
      result: 'Error',
      response: { statusCode: 200, body: { errcode: 310000 } },
      hookRequest: { body: { text: expect.stringMatching(/^Countersign: 有用户登录\n/) } },
      failure: { kind: 'configuration', remedy: { en: expect.stringContaining('Countersign') } },
    })
    for (const wait of [2_000, 2 * MINUTE, 20 * MINUTE]) {
      expect(await log(busy.id)).toEqual([])
      world.wait(wait)
      await hooks.deliverDue()
    }
    expect((await log(busy.id))[0]?.payload).toMatchObject({ result: 'Error', failure: { kind: 'passing' } })
  })

  test('get again what an operator asks for, whatever was told of late', async () => {
    const { hooks, make, log, health, titles } = await start()
    const { id } = await make()
    await health('held', null)
    await hooks.deliverDue()
    const [entry] = await log(id)
    await hooks.redeliver(id, entry!.id)
    await hooks.deliverDue()
    expect(titles()).toEqual(
      Array.from({ length: 2 }, () => 'Sample connection was held back by an operator'),
    )
  })

  test('have a secret that is kept, sealed, and never told again', async () => {
    const { db, hooks, make, world, titles } = await start()
    const { id, config } = await make(dingtalk('simulated-signed', 'SECsimulated'))
    expect(config.robot).toEqual({ form: 'dingtalk', language: 'zh-CN', signed: true })
    await hooks.update(id, { config: { ...dingtalk('simulated-signed'), retries: 0 } })
    await hooks.test(id, ['PostSignIn'], dingtalk('simulated-signed'))
    await hooks.emit('PostSignIn', () => ({}))
    await hooks.deliverDue()
    expect(titles()).toEqual(['测试消息', '有用户登录'])
    const stored = dump([
      await db.selectFrom('hooks').selectAll().execute(),
      await db.selectFrom('hook_deliveries').selectAll().execute(),
      await hooks.list(),
      world.lines,
    ])
    for (const secret of ['SECsimulated', encodeURIComponent(dingtalkSign('SECsimulated', world.now()))])
      expect(stored).not.toContain(secret)
    await expect(hooks.test(id, ['PostSignIn'], dingtalk('simulated-signed', null))).rejects.toMatchObject({
      code: 'hook.endpoint_responded_with_error',
      data: { failure: { meaning: { en: expect.stringContaining('signature') } } },
    })
    const open = { ...wecom(), url: 'https://evil.example/send?key=simulated-ok' }
    await expect(hooks.test(id, ['PostSignIn'], open)).rejects.toMatchObject({
      code: 'hook.send_test_payload_failed',
      data: { failure: { kind: 'configuration' } },
    })
    const after = await hooks.update(id, { config: dingtalk('simulated-ok', null) })
    expect(after.config.robot?.signed).toBe(false)
  })
})

describe('the simulated services', () => {
  const NOW = 1_796_004_000_000
  const ask = async (url: string, body: unknown, { times = 1, now = NOW } = {}) => {
    const clouds = createClouds({ now: () => now })
    let answer = new Response()
    for (let nth = 0; nth < times; nth += 1)
      answer = await clouds.fetch(
        new Request(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      )
    return [answer.status, await answer.text()] as const
  }
  const text = (content: string) => ({ msgtype: 'text', text: { content } })

  test('answer as their documents say', async () => {
    const signed = (at: number, secret = 'SECsimulated') =>
      `https://oapi.dingtalk.com/robot/send?access_token=simulated-signed&timestamp=${at}&sign=${encodeURIComponent(dingtalkSign(secret, at))}`
    expect((await ask(signed(NOW), text('x')))[1]).toContain('"errcode":0')
    expect((await ask(signed(NOW - 61 * MINUTE), text('x')))[1]).toContain('sign not match')
    expect((await ask(signed(NOW, 'other'), text('x')))[1]).toContain('310000')
    expect((await ask(dingtalk('simulated-ok').url, text('x'), { times: 21 }))[1]).toContain('130101')
    expect((await ask(wecom().url, text('x'), { times: 21 }))[1]).toContain('45009')
    expect((await ask(wecom().url, text('a'.repeat(2048))))[1]).toContain('"errcode":0')
    expect((await ask(wecom().url, text('a'.repeat(2049))))[1]).toContain('40058')
    expect((await ask(wecom('nobody').url, text('x')))[1]).toContain('93000')
    expect(await ask(wecom('simulated-empty').url, text('x'))).toEqual([200, ''])
    expect((await ask(wecom('simulated-html').url, text('x')))[1]).toMatch(/^<html>/)
    const feishu = (token: string) => `https://open.larksuite.com/open-apis/bot/v2/hook/${token}`
    const said = { msg_type: 'text', content: { text: 'x' } }
    expect((await ask(feishu('simulated-signed'), said))[1]).toContain('19021')
    expect((await ask(feishu('simulated-ok'), said, { times: 101 }))[1]).toContain('11232')
    const slack = (token: string) => `https://hooks.slack.com/services/T/B/${token}`
    expect(await ask(slack('simulated-ok'), { text: 'x' })).toEqual([200, 'ok'])
    expect(await ask(slack('simulated-gone'), { text: 'x' })).toEqual([410, 'channel_is_archived'])
    expect((await ask(slack('simulated-ok'), { text: 'x' }, { times: 61 }))[0]).toBe(429)
  })
})
