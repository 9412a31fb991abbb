import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dropEngines, type Lock, satisfies } from './lock-engines.ts'
import { root } from './sources.ts'

const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))

describe('npm ci on an older Node', () => {
  it('warns of no package that the Node which it brings can run', () => {
    const warned = dropEngines(read('package-lock.json'))
    expect(warned, 'Run node scripts/lock-engines.ts, and commit the lock file').toEqual([])
  })

  it('warns of no package of our own, which all run with the Node that it brings', () => {
    for (const folder of ['packages', 'examples'])
      for (const name of readdirSync(join(root, folder)))
        expect(read(`${folder}/${name}/package.json`), `${folder}/${name}`).not.toHaveProperty('engines')
  })

  it('warns of a package that the Node which it brings cannot run either', () => {
    const lock: Lock = {
      packages: {
        '': { engines: { node: '>=18' } },
        'node_modules/node': { version: '24.21.0' },
        'node_modules/early': { engines: { node: '>=6' } },
        'node_modules/runs': { engines: { node: '^20.19.0 || >=22.12.0' } },
        'node_modules/newer': { engines: { node: '>=26' } },
        'node_modules/older': { engines: { node: '^22.14.0' } },
        'node_modules/@logto/connector-kit': { engines: { node: '^22.14.0' } },
      },
    }
    expect(dropEngines(lock)).toEqual(['node_modules/runs', 'node_modules/@logto/connector-kit'])
    const left = Object.keys(lock.packages).filter(path => lock.packages[path]!.engines)
    expect(left).toEqual(['', 'node_modules/early', 'node_modules/newer', 'node_modules/older'])
  })
})

describe('a range of versions', () => {
  it.each([
    ['24.21.0', '>=24', true],
    ['24.21.0', '>= 18', true],
    ['24.21.0', '^22.12.0 || ^24.0.0', true],
    ['24.21.0', '^22.14.0', false],
    ['24.21.0', '>=24.21.1', false],
    ['24.21.0', '>=18 <24', false],
    ['24.21.0', '>24.21.0', false],
    ['24.21.0', '<=24.21.0', true],
    ['24.21.0', '24.x', true],
    ['24.21.0', '4.x || >=6.0.0', true],
    ['24.21.0', '~24.20.0', false],
    ['24.21.0', '~24.21', true],
    ['24.21.0', '24', true],
    ['24.21.0', '=24.20.0', false],
    ['24.21.0', '*', true],
    ['24.21.0', '>= 10.x', true],
    ['18', '>=18.0.0', true],
    ['18', '>=18.12.0', false],
  ])('%s in %s: %s', (version, range, is) => {
    expect(satisfies(version, range)).toBe(is)
  })

  it('that cannot be read is complained of, and not taken for one that fits', () => {
    expect(() => satisfies('24.21.0', '18 - 24')).toThrow('Cannot read which Node "18 - 24" is.')
  })
})
