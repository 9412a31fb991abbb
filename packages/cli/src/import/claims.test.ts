import { eachServerDatabase } from '@countersign/server/testing/database'
import { launch } from '@countersign/server/testing/launch'
import { expect, it } from 'vitest'
import { call, countsOf, moveIn } from './testing.ts'

eachServerDatabase('a number that went from user to user since the last import', fresh => {
  it('is followed within one run, whoever of them is listed first', async () => {
    const source = await launch()
    const ids: string[] = []
    for (const [index, username] of ['oldest', 'middle', 'newest'].entries()) {
      const body = { username, primaryPhone: `861380013800${index}` }
      ids.push((await call<{ id: string }>(source, 'POST', '/api/users', body)).id)
    }
    const env = await fresh()
    await moveIn(source.endpoint, env, { kinds: ['users'] })
    const give = (id: string, primaryPhone: string) =>
      call(source, 'PATCH', `/api/users/${id}`, { primaryPhone })
    await give(ids[0]!, '8613800138009')
    await give(ids[1]!, '8613800138000')
    await give(ids[2]!, '8613800138001')

    const trial = await moveIn(source.endpoint, env, { kinds: ['users'], trial: true })
    const { results } = await moveIn(source.endpoint, env, { kinds: ['users'] })
    expect(results).toEqual(trial.results)
    expect(countsOf(results.users)).toEqual({ update: 3 })
    const target = await launch(env)
    const numbers = await Promise.all(ids.map(id => call(target, 'GET', `/api/users/${id}`)))
    expect(numbers.map(({ primaryPhone }) => primaryPhone)).toEqual([
      '8613800138009',
      '8613800138000',
      '8613800138001',
    ])
  })
})
