import { connectors, GUIDE_LANGUAGES, guideOf } from '@countersign/connectors'
import {
  type Connector,
  describeSettings,
  type FieldInfo,
  REQUIRED_USAGE_TYPES,
  USAGE_TYPES,
} from '@countersign/kit'
import { connectorNamed } from '../configuration.ts'
import { EXIT, usageError } from '../exit-codes.ts'
import { pad, type Terminal, widthOf } from '../terminal.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: '[id] [--guide [language]] [options]',
  words: connectors.map(({ id }) => id),
  description: 'Lists the connectors; with an id, the fields of its configuration; with --guide, its guide.',
  options: {
    guide: { type: 'boolean', help: 'Print the guide as Markdown, in the language named behind it' },
  },
  positionals: 2,
  notes: () => `Guides are there in ${GUIDE_LANGUAGES.join(', ')}.`,
  examples: ['countersign connectors aliyun-sms', 'countersign connectors aliyun-sms --guide zh-CN'],
  async run({ given, positionals: [id, language = terminalLanguage], terminal }) {
    if (id === undefined) {
      if (given.guide) throw usageError('Say whose guide: countersign connectors <id> --guide')
      terminal.value(connectors.map(each => about(each, terminal)))
      list(terminal)
      return EXIT.ok
    }
    const connector = connectorNamed(id)
    if (given.guide) {
      const guide = guideOf(id, language === terminalLanguage ? terminal.language : language)
      terminal.value({ id, guide })
      terminal.line(guide.trimEnd())
      return EXIT.ok
    }
    if (language !== terminalLanguage) throw usageError('A language stands only behind --guide.')
    terminal.value(about(connector, terminal))
    show(terminal, connector)
    return EXIT.ok
  },
}

/** Stands for "no language was named". */
const terminalLanguage = ''

/** What scripts get; labels and help in the language of the user. */
function about(connector: Connector, terminal: Terminal) {
  const field = ({
    label,
    help,
    options,
    suggestions,
    row,
    ...rest
  }: FieldInfo): Record<string, unknown> => ({
    ...rest,
    label: terminal.tell(label),
    ...(help && { help: terminal.tell(help) }),
    ...(options && {
      options: options.map(option => ({ value: option.value, label: terminal.tell(option.label) })),
    }),
    ...(suggestions && {
      suggestions: suggestions.map(({ label, ...each }) => ({ ...each, label: terminal.tell(label) })),
    }),
    ...(row && { row: Object.fromEntries(Object.entries(row).map(([key, info]) => [key, field(info)])) }),
  })
  return {
    id: connector.id,
    channel: connector.channel,
    name: terminal.tell(connector.name),
    description: terminal.tell(connector.description),
    fields: describeSettings(connector.settings).map(({ key, ...info }) => ({ key, ...field(info) })),
    usageTypes: USAGE_TYPES,
    requiredUsageTypes: REQUIRED_USAGE_TYPES,
    guides: GUIDE_LANGUAGES,
  }
}

function list(terminal: Terminal): void {
  const width = Math.max(...connectors.map(({ id }) => id.length))
  for (const { id, name, description } of connectors) {
    terminal.line(`${terminal.paint('bold', id.padEnd(width + 2))}${terminal.tell(name)}`)
    terminal.line(`${' '.repeat(width + 2)}${terminal.tell(description)}`)
  }
  terminal.line(terminal.paint('dim', '\nFields of one: countersign connectors <id>'))
}

function show(terminal: Terminal, connector: Connector): void {
  const { id, name, description, settings } = connector
  terminal.line(`${terminal.paint('bold', terminal.tell(name))} (${id})`)
  terminal.line(terminal.tell(description))
  const fields = describeSettings(settings)
  const width = Math.max(...fields.map(({ key }) => key.length))
  const print = (chosen: typeof fields) => {
    for (const field of chosen) printField(terminal, field, width)
  }
  terminal.line(`\n${terminal.paint('bold', 'Fields')}`)
  print(fields.filter(({ advanced }) => !advanced))
  if (fields.some(({ advanced }) => advanced)) {
    terminal.line(`\n${terminal.paint('bold', 'Fields that few need')}`)
    print(fields.filter(({ advanced }) => advanced))
  }
  terminal.line(`\n${terminal.paint('bold', 'Usage types')}`)
  terminal.line(`  ${REQUIRED_USAGE_TYPES.join(', ')}; each needs a template`)
  const others = USAGE_TYPES.filter(type => !(REQUIRED_USAGE_TYPES as readonly string[]).includes(type))
  terminal.line(`  ${others.join(', ')}; Generic's is taken where one is missing`)
  terminal.line(`\n${terminal.paint('bold', 'Guide')}`)
  terminal.line(`  countersign connectors ${id} --guide [${GUIDE_LANGUAGES.join('|')}]`)
}

function printField(terminal: Terminal, { key, ...field }: { key: string } & FieldInfo, width: number): void {
  const indent = ' '.repeat(width + 4)
  const label = terminal.tell(field.label)
  terminal.line(`  ${terminal.paint('cyan', pad(key, width + 2))}${label}  ${kindOf(terminal, field)}`)
  if (field.help) terminal.line(`${indent}${terminal.tell(field.help)}`)
  for (const { value, label } of field.options ?? [])
    terminal.line(`${indent}${pad(value, longest(field.options!) + 2)}${terminal.tell(label)}`)
  if (!field.row) return
  terminal.line(`${indent}usageType  ${terminal.paint('dim', 'choice, required')}`)
  for (const [name, info] of Object.entries(field.row)) {
    terminal.line(`${indent}${name}  ${terminal.tell(info.label)}  ${kindOf(terminal, info)}`)
    if (info.help) terminal.line(`${indent}  ${terminal.tell(info.help)}`)
    for (const { value, label } of info.suggestions ?? [])
      terminal.line(`${indent}  ${pad(value, longest(info.suggestions!) + 2)}${terminal.tell(label)}`)
  }
}

const longest = (options: readonly { value: string }[]) =>
  Math.max(...options.map(({ value }) => widthOf(value)))

const kindOf = (terminal: Terminal, { kind, required, default: value }: FieldInfo) =>
  terminal.paint(
    'dim',
    [kind, required && 'required', value !== undefined && `default ${JSON.stringify(value)}`]
      .filter(Boolean)
      .join(', '),
  )
