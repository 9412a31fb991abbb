import { readFileSync } from 'node:fs'
import { AccountCenter, SignInExperience } from '@countersign/api'
import { expect, test } from 'vitest'
import { launch } from '../testing/launch.ts'

const DOCUMENT = readFileSync(new URL('../../../../docs/logto-compatibility.md', import.meta.url), 'utf8')

/** Members by what the pages make of them, as the document says. */
function documented(): Map<string, string> {
  const [, section = ''] = DOCUMENT.split('## The sign-in experience on the pages')
  const rows = section
    .split('\n## ')[0]!
    .split('\n')
    .filter(row => row.startsWith('| `'))
  return new Map(
    rows.flatMap(row => {
      const [, members = '', effect = ''] = row.split('|').map(cell => cell.trim())
      return [...members.matchAll(/`(\w+)`/g)].map(([, name]) => [name!, effect] as const)
    }),
  )
}

const IDLE = 'Kept and given back; does nothing here.'

test('the document says of every member what the pages make of it', () => {
  expect([...documented().keys()].toSorted()).toEqual(Object.keys(SignInExperience.shape).toSorted())
})

test('the API description says of the same members as the document that they do nothing', async () => {
  const server = await launch()
  type Properties = Record<string, { description?: string }>
  type Content = { content: { 'application/json': { schema: { properties: Properties } } } }
  type Operation = { requestBody: Content; responses: Record<string, Content> }
  const { paths } = (await (await fetch(`${server.endpoint}/api/swagger.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>
  }
  const propertiesOf = (path: string, method: string): Properties => {
    const { requestBody, responses } = paths[path]![method]!
    const { content } = method === 'get' ? responses[200]! : requestBody
    return content['application/json'].schema.properties
  }
  const idleIn = (properties: Properties) =>
    Object.keys(properties).filter(name => properties[name]!.description === IDLE)
  const nothing = [...documented()].flatMap(([name, effect]) => (effect.startsWith('nothing') ? [name] : []))
  for (const [path, method] of [
    ['/api/sign-in-exp', 'get'],
    ['/api/sign-in-exp', 'patch'],
    ['/api/.well-known/sign-in-exp', 'get'],
  ] as const)
    expect([...idleIn(propertiesOf(path, method)), 'id', 'tenantId'].toSorted(), `${method} ${path}`).toEqual(
      nothing.toSorted(),
    )
  expect(idleIn(propertiesOf('/api/account-center', 'patch'))).toEqual(
    Object.keys(AccountCenter.shape).filter(name => !['tenantId', 'id', 'enabled', 'fields'].includes(name)),
  )
})
