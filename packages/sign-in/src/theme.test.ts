import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assetPath, assets } from './assets.ts'
import { CARD, contrast, customStylesheet, themeAt, themeStylesheet } from './theme.ts'

const value = (css: string, name: string) => css.match(new RegExp(`--${name}:\\s*(#[0-9a-f]{6})`))![1]!
const schemes = (css: string) => css.split('@media (prefers-color-scheme') as [string, string]

describe('the stylesheet of a brand colour', () => {
  it('has the colour in its path, in one spelling', () => {
    expect(themeStylesheet('#6139F6')?.path).toBe('/assets/theme/6139f6.css')
    expect(themeStylesheet('6139f6')?.path).toBe('/assets/theme/6139f6.css')
    expect(themeStylesheet('#fff')?.path).toBe('/assets/theme/ffffff.css')
    expect(themeStylesheet('#fff', '#8768F8')?.path).toBe('/assets/theme/ffffff-8768f8.css')
  })

  it('is found by that path and by no other', () => {
    for (const theme of [themeStylesheet('#6139F6')!, themeStylesheet('#6139F6', '#abc')!])
      expect(themeAt(theme.path)).toBe(theme.body)
    for (const path of [
      '',
      '6139f6',
      '6139F6.css',
      '6139f6-.css',
      '6139f6-abc.css',
      '6139f6-000000-000000.css',
    ])
      expect(themeAt(`/assets/theme/${path}`), path).toBeUndefined()
  })

  it('is light everywhere while there is no colour for dark pages', () => {
    expect(themeStylesheet('#6139F6')!.body).not.toContain('@media')
    const [light, dark] = schemes(themeStylesheet('#6139F6', '#ff00aa')!.body)
    expect(light).toBe(themeStylesheet('#6139F6')!.body)
    expect(value(dark, 'accent')).not.toBe(value(light, 'accent'))
  })

  it.each(['', 'red', '#12', '#12345g', '../../etc', '#000;}body{', 'constructor'])(
    'does not exist for %j',
    color => {
      expect(themeStylesheet(color)).toBeUndefined()
      expect(themeStylesheet('#2f5bd8', color)).toBeUndefined()
    },
  )

  it('is readable for every colour there is, on the button and as a link in both schemes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), number => {
        const color = number.toString(16).padStart(6, '0')
        const [light, dark] = schemes(themeStylesheet(color, color)!.body)
        for (const [css, card] of [
          [light, CARD.light],
          [dark, CARD.dark],
        ] as const) {
          expect(contrast(value(css, 'accent'), value(css, 'on-accent'))).toBeGreaterThanOrEqual(4.5)
          expect(contrast(value(css, 'accent-text'), card)).toBeGreaterThanOrEqual(4.5)
        }
      }),
    )
  })

  it('keeps a colour that is readable as it is', () => {
    expect(themeStylesheet('#2f5bd8')?.body).toContain('--accent:#2f5bd8')
  })

  it('computes against the cards that the stylesheet paints', () => {
    expect(value(assets[assetPath('sign-in.css')]!.body, 'card')).toBe(CARD.light)
    expect(value(assets[assetPath('dark.css')]!.body, 'card')).toBe(CARD.dark)
  })
})

describe('the stylesheet of the operator', () => {
  it('has a name of its content in its path, and is none where nothing stands in it', () => {
    const one = customStylesheet('h1{color:red}')!
    expect(one).toMatchObject({
      body: 'h1{color:red}',
      path: expect.stringMatching(/^\/assets\/custom\/[0-9a-f]{16}\.css$/),
    })
    expect(customStylesheet('h1{color:blue}')!.path).not.toBe(one.path)
    for (const nothing of [null, undefined, '', ' \n']) expect(customStylesheet(nothing)).toBeUndefined()
  })
})

describe('contrast', () => {
  it('agrees with the two ends of the WCAG scale', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
    expect(contrast('#777777', '#777777')).toBeCloseTo(1)
  })
})
