import { expect, test } from 'vitest'
import type { Search, SearchMode } from '../db/search.ts'
import { eachDatabase } from '../db/testing.ts'
import { testWorld } from '../testing/world.ts'
import { createUsers, SEARCHED_FIELDS } from './users.ts'

eachDatabase('a search of users', openFresh => {
  async function setUp() {
    const users = createUsers(await openFresh(), testWorld())
    const ada = await users.create({ username: 'Ada_L', primaryEmail: 'Ada@Example.com' })
    await users.create({ name: 'Grace Hopper', username: 'grace', primaryPhone: '8613800138000' })
    await users.create({ name: 'line\nbreak', username: 'x1.5' })
    const run = async (change: Partial<Search>) => {
      const search = { conditions: [], joint: 'or', isCaseSensitive: false, ...change } as Search
      return (await users.list(search, 20, 0)).users.map(each => each.username).sort()
    }
    const find = (mode: SearchMode, value: string | string[], fields = SEARCHED_FIELDS, change = {}) =>
      run({ conditions: [{ fields, mode, values: [value].flat() }], ...change })
    return { users, ada, run, find }
  }

  test('looks in every identifier and the name, with the wildcards of its caller, in any case', async () => {
    const { ada, find } = await setUp()
    const found = (pattern: string) => find('like', pattern)
    expect(await found('%example%')).toEqual(['Ada_L'])
    expect(await found('example')).toEqual([])
    expect(await found('%HOPPER')).toEqual(['grace'])
    expect(await found('86138%')).toEqual(['grace'])
    expect(await found(ada.id)).toEqual(['Ada_L'])
    expect(await found('ada__')).toEqual(['Ada_L'])
    expect(await found(String.raw`ada\_l`)).toEqual(['Ada_L'])
    expect(await found('ada\\\\')).toEqual([])
    expect(await found("%' or 1=1 --")).toEqual([])
  })

  test('finds a number as people write it, and loses nothing of what was asked', async () => {
    const { users, find } = await setUp()
    await users.create({ username: 'oz', primaryPhone: '61412345678', name: '138 0013 8000' })
    for (const asked of [
      '%138 0013 8000%',
      '%+86 138-0013-8000%',
      '%(138) 0013 8000%',
      '%１３８ ００１３ ８０００%',
      '%١٣٨٠٠١٣٨٠٠٠%',
      '%138\uFE0F00138000%',
      '+86 138 0013 8000',
      '138 0013 8000',
      '%0086 138%',
      '138 0013 80__',
    ])
      expect(await find('like', asked, ['primaryPhone']), asked).toEqual(
        asked === '138 0013 80__' ? [] : ['grace'],
      )
    for (const asked of ['%0412 345%', '+61 (0)412 345 678', '%412-345-678%'])
      expect(await find('like', asked), asked).toEqual(['oz'])
    // Also what has just these signs is found, and in other fields nothing else is.
    expect(await find('like', '%138 0013 8000%')).toEqual(['grace', 'oz'])
    expect(await find('like', '%138 0013 8000%', ['name'])).toEqual(['oz'])
    expect(await find('exact', ['+86 138 0013 8000', '13800138000'], ['primaryPhone'])).toEqual(['grace'])
    expect(await find('posix', '138 0013', ['primaryPhone'])).toEqual([])
    expect(await find('like', '%- -%', ['primaryPhone'])).toEqual([])
  })

  test('finds an address by the letters of its domain and in full-width signs', async () => {
    const { users, find } = await setUp()
    await users.create({ username: 'ida', primaryEmail: 'ida@bücher.example.com' })
    await users.create({ username: 'lim', primaryEmail: 'lim@例子.测试' })
    for (const asked of [
      '%ida@bücher.example.com%',
      '%BÜCHER%',
      '%@bücher.exam%',
      'IDA＠xn--bcher-kva.example．com',
    ])
      expect(await find('like', asked), asked).toEqual(['ida'])
    for (const asked of ['%@例子.测试%', '%例子。测试%', '%例子%', '%lim@xn--fsqu00a.%', 'l_m@例子.测试'])
      expect(await find('like', asked), asked).toEqual(['lim'])
    expect(await find('exact', ['Ida@Bücher.example.com', 'lim@xn--fsqu00a.xn--0zwm56d'])).toEqual([
      'ida',
      'lim',
    ])
    expect(await find('like', '%bücher%', ['name'])).toEqual([])
  })

  test('minds the case when it is asked to', async () => {
    const { find } = await setUp()
    const exactly = { isCaseSensitive: true }
    for (const mode of ['exact', 'like', 'posix'] as const) {
      expect(await find(mode, 'ada_l', ['username'], exactly), mode).toEqual([])
      expect(await find(mode, 'Ada_L', ['username'], exactly), mode).toEqual(['Ada_L'])
      expect(await find(mode, 'ada_l', ['username']), mode).toEqual(['Ada_L'])
    }
    expect(await find('like', '%A_L', ['username'], exactly)).toEqual([])
    expect(await find('like', String.raw`Ada\_%`, ['username'], exactly)).toEqual(['Ada_L'])
    expect(await find('like', 'x_.%', ['username'], exactly)).toEqual(['x1.5'])
    expect(await find('like', 'x1(5', ['username'], exactly)).toEqual([])
  })

  test('takes the signs of other kinds of patterns as they are', async () => {
    const { users, find } = await setUp()
    for (const name of ['a[b]*c?', 'ab-c-', 'A[B]*C?']) await users.create({ name, username: name })
    const exactly = { isCaseSensitive: true }
    expect(await find('like', 'a[b]*c?', ['name'], exactly)).toEqual(['a[b]*c?'])
    expect(await find('like', 'a[b]*c?', ['name'])).toEqual(['A[B]*C?', 'a[b]*c?'])
    expect(await find('like', '%]*%', ['name'], exactly)).toEqual(['A[B]*C?', 'a[b]*c?'])
    expect(await find('like', 'a%c_', ['name'], exactly)).toEqual(['a[b]*c?', 'ab-c-'])
    expect(await find('like', String.raw`a\%c_`, ['name'], exactly)).toEqual([])
  })

  test('finds names in every script, whether or not the database knows their cases', async () => {
    const { users, find } = await setUp()
    await users.create({ name: 'Ёлка Zoë', username: 'yolka' })
    for (const mode of ['like', 'exact'] as const) expect(await find(mode, 'Ёлка Zoë')).toEqual(['yolka'])
    expect(await find('like', '%Ёлка%')).toEqual(['yolka'])
    expect(await find('posix', '^Ёлка')).toEqual(['yolka'])
    expect(await find('like', '%zo_')).toEqual(['yolka'])
  })

  test('takes any of several exact values', async () => {
    const { find } = await setUp()
    expect(await find('exact', ['GRACE', 'ada_l'])).toEqual(['Ada_L', 'grace'])
    expect(await find('exact', ['g%', 'ada_l'])).toEqual(['Ada_L'])
  })

  test('understands patterns of SQL and regular expressions', async () => {
    const { find } = await setUp()
    const similar = (pattern: string) => find('similar_to', pattern, ['username'], { isCaseSensitive: true })
    expect(await similar('(Ada|Eve)%')).toEqual(['Ada_L'])
    expect(await similar('gra')).toEqual([])
    expect(await similar('[a-r]+')).toEqual(['grace'])
    expect(await similar('x1.5')).toEqual(['x1.5'])
    expect(await similar('x..5')).toEqual([])
    expect(await similar(String.raw`Ada\_L`)).toEqual(['Ada_L'])
    const posix = (pattern: string, fields = ['username']) => find('posix', pattern, fields)
    expect(await posix('^(ADA|GRA)')).toEqual(['Ada_L', 'grace'])
    expect(await posix('[[:digit:]]')).toEqual(['x1.5'])
    expect(await posix('c')).toEqual(['grace'])
    expect(await posix('line.break', ['name'])).toEqual(['x1.5'])
  })

  test('joins its conditions as it is told', async () => {
    const { run } = await setUp()
    const conditions: Search['conditions'] = [
      { fields: ['username'], mode: 'like', values: ['%a%'] },
      { fields: ['name'], mode: 'like', values: ['grace%'] },
    ]
    expect(await run({ conditions })).toEqual(['Ada_L', 'grace'])
    expect(await run({ conditions, joint: 'and' })).toEqual(['grace'])
  })
})
