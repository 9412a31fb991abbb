import { describe, expect, it, vi } from 'vitest'
import { ensureBrowser, waysToInstall } from './browser.ts'

const names = (root: boolean, osRelease: string) =>
  waysToInstall({ root, osRelease }).map(way => way.at(-1)!.join(' '))

describe('a browser for tests', () => {
  it("is the distribution's package for root on Debian, and Playwright's where that fails", () => {
    const [first, second] = names(true, 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="13"')
    expect(first).toContain('apt-get install -y')
    expect(second).toMatch(/playwright-core\/cli\.js install --with-deps chromium$/)
  })

  it.each([
    ['no root', false, 'ID=debian'],
    ['Ubuntu, whose package is a snap', true, 'ID=ubuntu\nID_LIKE=debian'],
    ['another system', true, ''],
  ])("is Playwright's for %s", (_, root, osRelease) => {
    const ways = names(root, osRelease)
    expect(ways).toHaveLength(1)
    expect(ways[0]).toContain('playwright-core')
  })

  it('is never another than the one in CHROMIUM_PATH', () => {
    vi.stubEnv('CHROMIUM_PATH', '/nowhere/chromium')
    expect(() => ensureBrowser(() => {})).toThrow('/nowhere/chromium')
    vi.unstubAllEnvs()
  })
})
