import { expect, test } from 'vitest'
import { launch } from '../packages/server/src/testing/launch.ts'
import { faultOf, MARKER } from './fuzz/judge.ts'
import { PAGES } from './fuzz/places.ts'
import { fuzz } from './fuzz/trial.ts'
import { holds, isBound } from './table.ts'

test('every page of the server is among the places', async () => {
  const { app } = await launch()
  const paths = app.pages.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/api/'))
    .map(({ path }) => path.replaceAll(/:(\w+)/g, '{$1}').replaceAll('*', '{any}'))
  expect(paths.length).toBeGreaterThan(50)
  expect([...new Set(paths)].filter(path => !PAGES.includes(path))).toEqual([])
})

test.each([
  ['a status of ours', { status: 500 }, 'answered with 500'],
  ['a stack', { body: '{"error":"x\\n"}\n    at run (main.js:1:2)' }, 'shows a stack'],
  ['a path', { body: 'no such file: /srv/ada/data.db' }, 'shows a path of the machine'],
  ['a statement', { body: 'select "id" from x' }, 'shows a statement of SQL'],
  ['a tag', { head: 'content-type: text/html', body: `a${MARKER.tag}` }, 'a tag of the sender'],
  ['a header', { head: `HTTP/1.1 200 OK\r\n${MARKER.header}: 1` }, 'a header of the sender'],
  ['a secret', { body: 'hunter2' }, 'shows a secret'],
  ['no end', { hangs: true }, 'no end within its time'],
  ['a missing connection', { status: 501, body: '{"code":"connector.not_found"}' }, undefined],
  ['a database that is away', { status: 503 }, undefined],
])('the judge knows %s', (_, part, fault) => {
  const answer = { status: 200, head: '', body: '', hangs: false, ...part }
  expect(faultOf(Buffer.from('GET /'), answer, ['hunter2'])).toBe(fault)
})

// The short form of `npm run fuzz`: one request or two to each place.
test('no place answers as it must not, whatever it is sent', async () => {
  const { phases, totals, faults, logged } = await fuzz({ requests: 600, seed: 1, only: '' })
  expect(faults).toEqual([])
  expect(logged).toEqual([])
  const figures = [...phases.flatMap(phase => phase.figures), ...totals]
  expect(figures.filter(isBound).filter(figure => !holds(figure))).toEqual([])
}, 120_000)
