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

A variable that is not read but looks like one of these, or is what Logto calls one (\`DB_URL\`, \`TRUST_PROXY_HEADER\`), is
warned of at start with the name that is meant.

${ABOUT_DATABASE_URL}`
}

const ABOUT_DATABASE_URL = `## DATABASE_URL

\`postgres://user:password@host:5432/database\`. What is special in user name and password is percent-encoded: \`#\` as
\`%23\`, \`/\` as \`%2F\`, \`?\` as \`%3F\`, \`@\` as \`%40\`, \`:\` as \`%3A\`, \`%\` as \`%25\`. Behind a \`?\` may stand, with \`&\` between
them:

| parameter | what it does |
| --- | --- |
| \`sslmode=require\` | encrypts and asks for a certificate that is trusted and names the host, as \`verify-full\` does |
| \`sslrootcert=/path/to/ca.pem\` | trusts this authority; where the certificate is self-signed, the certificate itself |
| \`sslmode=no-verify\` | encrypts without asking who answers: for a network that you trust |
| \`options=-c%20search_path%3Dcountersign\` | keeps all tables in the schema \`countersign\`, which must be there (\`create schema countersign authorization …\`); other schemas are left alone, whatever is in them. Behind PgBouncer, \`alter role … set search_path = countersign\` in its place |

Without \`sslmode\` nothing is encrypted. What a start says when the database cannot be opened: [operate.md](operate.md#when-it-does-not-start).
`
