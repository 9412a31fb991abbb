import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const signet: MantineColorsTuple = [
  '#e8f8f5',
  '#d3eee9',
  '#a5ddd3',
  '#74cbbc',
  '#4dbca9',
  '#2ea594',
  '#12806f',
  '#0f6e66',
  '#0b5a54',
  '#074742',
]

export const theme = createTheme({
  colors: { signet },
  primaryColor: 'signet',
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace',
  headings: { fontWeight: '650' },
})

const RED_BUTTONS = { '--mantine-color-red-filled': '#c92a2a', '--mantine-color-red-filled-hover': '#b02525' }

/** Mantine's own dimmed text, placeholders, errors and red buttons are too faint to read for many (WCAG AA). */
export const readableVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#59636a',
    '--mantine-color-placeholder': '#6b757c',
    '--mantine-color-error': '#c92a2a',
    ...RED_BUTTONS,
    '--mantine-color-green-light-color': '#1a6b2d',
    '--mantine-color-yellow-light-color': '#7a4a00',
    '--mantine-color-teal-light-color': '#0b6350',
  },
  dark: {
    '--mantine-color-dimmed': '#a8b1b6',
    '--mantine-color-placeholder': '#8d969b',
    '--mantine-color-error': '#ff8787',
    ...RED_BUTTONS,
  },
})
