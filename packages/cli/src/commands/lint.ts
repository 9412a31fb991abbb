import { lint } from '@countersign/connectors'
import type { Finding } from '@countersign/kit'
import { wholeNumber } from '../arguments.ts'
import { readConfiguration } from '../configuration.ts'
import { EXIT } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'
import { pathOf, WORDS } from '../words.ts'
import type { Command } from './command.ts'
import { CONFIG, CONNECTOR } from './options.ts'

export const command: Command = {
  usage: '--connector <id> --config <file> [options]',
  description:
    'Says what is wrong with a configuration, or will be once messages go out: field, severity, remedy. Asks nobody.',
  options: {
    connector: CONNECTOR,
    config: CONFIG,
    'code-length': { type: 'string', value: '<n>', help: 'How many characters a code has [6]' },
    overseas: { type: 'boolean', help: 'Messages go to numbers outside mainland China, too' },
    'mainland-only': { type: 'boolean', help: 'They do not' },
    strict: { type: 'boolean', help: 'Exit with 1 for warnings as well' },
  },
  examples: ['countersign lint --connector tencent-sms --config tencent.json --overseas'],
  async run({ given, terminal }) {
    const { connector, draft } = await readConfiguration(given, terminal)
    const abroad = given.overseas === true ? true : given['mainland-only'] === true ? false : undefined
    const findings = lint(connector.id, draft, {
      codeLength: wholeNumber(given, 'code-length', { least: 1, most: 32, fallback: 6 }),
      ...(abroad !== undefined && { allowOverseas: abroad }),
    })
    const count = (severity: Finding['severity']) =>
      findings.filter(finding => finding.severity === severity).length
    terminal.value(
      findings.map(({ path, severity, code, message, remedy, links = [] }) => ({
        field: pathOf(path),
        path,
        severity,
        code,
        message: terminal.tell(message),
        remedy: terminal.tell(remedy),
        links: links.map(({ href }) => href),
      })),
    )
    if (findings.length === 0)
      terminal.line(`${terminal.paint('green', '✓')} ${terminal.tell(WORDS.noFindings)}`)
    else {
      for (const finding of findings) print(terminal, finding)
      const sum = [
        [count('error'), WORDS.error, WORDS.errors] as const,
        [count('warning'), WORDS.warning, WORDS.warnings] as const,
      ].flatMap(([many, one, several]) =>
        many > 0 ? [`${many} ${terminal.tell(many === 1 ? one : several)}`] : [],
      )
      terminal.line(terminal.paint(count('error') > 0 ? 'red' : 'yellow', sum.join(', ')))
    }
    return count('error') > 0 || (given.strict === true && findings.length > 0) ? EXIT.refused : EXIT.ok
  },
}

function print(terminal: Terminal, finding: Finding): void {
  const { path, severity, code, message, remedy, links = [] } = finding
  const mark = severity === 'error' ? terminal.paint('red', '✗') : terminal.paint('yellow', '!')
  terminal.line(`${mark} ${terminal.paint('bold', pathOf(path))}  ${terminal.paint('dim', code)}`)
  terminal.line(`  ${terminal.tell(message)}`)
  terminal.line(`  ${terminal.tell(WORDS.remedy)}: ${terminal.tell(remedy)}`)
  for (const { href, label } of links) terminal.line(`  ${terminal.tell(label)}: ${href}`)
}
