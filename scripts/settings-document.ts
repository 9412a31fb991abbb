import { describeConfig } from '../packages/server/src/config.ts'

/** Where the document stands. */
export const SETTINGS_DOCUMENT = new URL('../docs/settings.md', import.meta.url)

/** The settings as a document, from the one table in the server. */
export function settingsDocument(): string {
  const rows = describeConfig().map(
    ({ name, default: value, help }) =>
      `| \`${name}\` | ${value === '' ? '' : `\`${value}\``} | ${help.replaceAll('|', '\\|')} |`,
  )
  return `# Settings

From the environment. \`npm start -- --help\` lists the same. Written by \`node scripts/write-settings.ts\`.

| name | default | what it does |
| --- | --- | --- |
${rows.join('\n')}
`
}
