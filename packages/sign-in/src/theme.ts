import { createHash } from 'node:crypto'

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
 * White text is preferred on the button and the colour darkened a little for it; colours that are too light for that get
 * dark text.
 */
function rulesOf(rgb: Rgb, card: string, towards: Rgb): string {
  const light = contrast(print(rgb), '#ffffff') < 3
  const fill = light ? print(rgb) : readableOn(rgb, '#ffffff', BLACK)
  const text = readableOn(rgb, card, towards)
  return `:root{--accent:${fill};--on-accent:${light ? '#15171c' : '#ffffff'};--accent-text:${text}}`
}

/**
 * A brand colour, and the one of dark pages where there are any, as a stylesheet of its own, because the CSP lets no
 * inline style through. Undefined for what is no colour, so a route may pass on whatever it was asked for.
 *
 * @example themeStylesheet('#6139F6', '#8768F8')?.path // '/assets/theme/6139f6-8768f8.css'
 */
export function themeStylesheet(
  color: string,
  darkColor?: string,
): { path: string; body: string } | undefined {
  const rgb = parse(color)
  const dark = darkColor === undefined ? undefined : parse(darkColor)
  if (!rgb || (darkColor !== undefined && !dark)) return undefined
  const rules = [rulesOf(rgb, CARD.light, BLACK)]
  if (dark) rules.push(`@media (prefers-color-scheme:dark){${rulesOf(dark, CARD.dark, WHITE)}}`)
  const name = [color, darkColor].flatMap(each => (each === undefined ? [] : [themeName(each)])).join('-')
  return { path: `/assets/theme/${name}.css`, body: `${rules.join('\n')}\n` }
}

/** The theme of a path that `themeStylesheet` gives, and of no other. */
export function themeAt(path: string): string | undefined {
  const [, color, darkColor] = /^\/assets\/theme\/([0-9a-f]{6})(?:-([0-9a-f]{6}))?\.css$/.exec(path) ?? []
  return color && themeStylesheet(color, darkColor)?.body
}

/** How the operator's own stylesheet is served: its path names its content. Undefined where there is none. */
export function customStylesheet(css: string | null | undefined): { path: string; body: string } | undefined {
  if (!css?.trim()) return undefined
  const hash = createHash('sha256').update(css).digest('hex').slice(0, 16)
  return { path: `/assets/custom/${hash}.css`, body: css }
}
