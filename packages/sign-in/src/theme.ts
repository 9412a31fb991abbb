/** The cards of `sign-in.css`, against which a link in the brand's colour must be readable. */
export const CARD = { light: '#ffffff', dark: '#1b1e24' }
/** WCAG AA for text, with a little room for rounding. */
const READABLE = 4.6

type Rgb = [number, number, number]

function parse(color: string): Rgb | undefined {
  const hex = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color.trim())?.[1]
  if (!hex) return undefined
  const full = hex.length === 3 ? [...hex].map(digit => digit + digit).join('') : hex
  return [0, 2, 4].map(at => Number.parseInt(full.slice(at, at + 2), 16)) as Rgb
}

function print(rgb: Rgb): string {
  return `#${rgb.map(channel => Math.round(channel).toString(16).padStart(2, '0')).join('')}`
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map(channel => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Contrast ratio of two `#rrggbb` colours, from 1 to 21, as WCAG 2 defines it. */
export function contrast(one: string, other: string): number {
  const [high, low] = [luminance(parse(one)!), luminance(parse(other)!)].sort((a, b) => b - a)
  return (high! + 0.05) / (low! + 0.05)
}

function mix(rgb: Rgb, target: Rgb, share: number): Rgb {
  return rgb.map((channel, index) => channel + (target[index]! - channel) * share) as Rgb
}

/** Moves a colour towards black or white in small steps until it can be read on the background. */
function readableOn(color: Rgb, background: string, towards: Rgb): string {
  for (let share = 0; share < 1; share += 0.04) {
    const candidate = print(mix(color, towards, share))
    if (contrast(candidate, background) >= READABLE) return candidate
  }
  return print(towards)
}

const BLACK: Rgb = [0, 0, 0]
const WHITE: Rgb = [255, 255, 255]

/** Normal form of a brand colour, `6139f6`; undefined for what is no colour. */
function themeName(color: string): string | undefined {
  const rgb = parse(color)
  return rgb && print(rgb).slice(1)
}

/**
 * A brand colour as a stylesheet of its own, because the CSP lets no inline style through. White text is
 * preferred on the button and the colour darkened a little for it; colours that are too light for that get
 * dark text. Undefined for what is no colour, so a route may pass on whatever it was asked for.
 */
export function themeStylesheet(color: string): { path: string; body: string } | undefined {
  const rgb = parse(color)
  if (!rgb) return undefined
  const light = contrast(print(rgb), '#ffffff') < 3
  const fill = light ? print(rgb) : readableOn(rgb, '#ffffff', BLACK)
  const rules = (card: string, towards: Rgb) =>
    `--accent:${fill};--on-accent:${light ? '#15171c' : '#ffffff'};--accent-text:${readableOn(rgb, card, towards)}`
  const body = [
    `:root{${rules(CARD.light, BLACK)}}`,
    `@media (prefers-color-scheme:dark){:root{${rules(CARD.dark, WHITE)}}}`,
    '',
  ].join('\n')
  return { path: `/assets/theme/${themeName(color)}.css`, body }
}
