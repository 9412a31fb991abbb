import { createTheme, type MantineColorsTuple } from '@mantine/core'

const signet: MantineColorsTuple = [
  '#e8f8f5',
  '#d3eee9',
  '#a5ddd3',
  '#74cbbc',
  '#4dbca9',
  '#2ea594',
  '#168a7b',
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
