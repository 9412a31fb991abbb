import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assetPath, assets } from './assets.ts'
import { CARD, contrast, themeStylesheet } from './theme.ts'

const value = (css: string, name: string) => css.match(new RegExp(`--${name}:\\s*(#[0-9a-f]{6})`))![1]!
const schemes = (css: string) => css.split('@media (prefers-color-scheme') as [string, string]

describe('the stylesheet of a brand colour', () => {
  it('has the colour in its path, in one spelling', () => {
    expect(themeStylesheet('#6139F6')?.path).toBe('/assets/theme/6139f6.css')
    expect(themeStylesheet('6139f6')?.path).toBe('/assets/theme/6139f6.css')
    expect(themeStylesheet('#fff')?.path).toBe('/assets/theme/ffffff.css')
  })

  it.each(['', 'red', '#12', '#12345g', '../../etc', '#000;}body{', 'constructor'])(
    'does not exist for %j',
    color => {
      expect(themeStylesheet(color)).toBeUndefined()
    },
  )

  it('is readable for every colour there is, on the button and as a link in both schemes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), number => {
        const [light, dark] = schemes(themeStylesheet(number.toString(16).padStart(6, '0'))!.body)
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
    const [light, dark] = schemes(assets[assetPath('sign-in.css')]!.body)
    expect(value(light, 'card')).toBe(CARD.light)
    expect(value(dark, 'card')).toBe(CARD.dark)
  })
})

describe('contrast', () => {
  it('agrees with the two ends of the WCAG scale', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
    expect(contrast('#777777', '#777777')).toBeCloseTo(1)
  })
})
