import { describe, expect, it } from 'vitest'
import { importsOf, places, withoutComments } from './sources.ts'

describe('reading the sources', () => {
  it('finds static, type, side-effect, re-exporting and dynamic imports', () => {
    const found = importsOf('packages/connectors/src/index.ts').map(
      ({ specifier, target }) => target ?? specifier,
    )
    expect(found).toContain('node:fs')
    expect(found).toContain('@countersign/kit')
    expect(found).toContain('packages/connectors/src/aliyun-dm/aliyun-dm.ts')
    expect(importsOf('packages/api/src/index.ts').length).toBeGreaterThan(5)
    expect(importsOf('packages/console/src/main.tsx').map(({ specifier }) => specifier)).toContain(
      'react-dom/client',
    )
  })

  it('takes no comment for code and keeps the line numbers', () => {
    const text = "one // process.exit\n/* process.env\n */ two\nconst a = 'http://x' + '*/*' + b"
    expect(
      withoutComments(text)
        .split('\n')
        .map(line => line.trim()),
    ).toEqual(['one', '', 'two', "const a = 'http://x' + '*/*' + b"])
  })

  it('names the place of what it finds', () => {
    expect(places(['package.json'], /"private"/)[0]).toMatch(/^package\.json:\d+: "private": true/)
  })
})
