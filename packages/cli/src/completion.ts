/** A command as a shell completes it. */
export interface Known {
  name: string
  summary: string
  /** What may stand behind its name, such as `rotate`. */
  words: readonly string[]
  /** Behind one that takes a value, files are offered. */
  options: readonly { name: string; help: string; takesValue: boolean }[]
}

const namesOf = (options: Known['options']) => options.map(({ name }) => name).join(' ')

/** The options behind which a value stands, each once, as alternatives of a pattern. */
const takingValues = (commands: readonly Known[]) =>
  [
    ...new Set(
      commands.flatMap(({ options }) =>
        options.filter(({ takesValue }) => takesValue).map(({ name }) => name),
      ),
    ),
  ].join('|')

/** Within single quotes of a shell nothing is special but the quote itself. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

function bash(commands: readonly Known[]): string {
  const cases = commands.map(
    ({ name, words, options }) => `    ${name}) words=${quoted([...words, namesOf(options)].join(' '))} ;;`,
  )
  return `_countersign() {
  local current=\${COMP_WORDS[COMP_CWORD]} words=
  case \${COMP_WORDS[COMP_CWORD - 1]} in ${takingValues(commands)}) COMPREPLY=(); return ;; esac
  if [ "$COMP_CWORD" -eq 1 ]; then words=${quoted(['help', ...commands.map(({ name }) => name)].join(' '))}
  else case \${COMP_WORDS[1]} in
    help) words=${quoted(commands.map(({ name }) => name).join(' '))} ;;
${cases.join('\n')}
  esac fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _countersign countersign
`
}

function zsh(commands: readonly Known[]): string {
  // A colon ends the word that is described.
  const described = (name: string, help: string) => quoted(`${name}:${help.replaceAll(':', '\\:')}`)
  const cases = commands.map(({ name, words, options }) => {
    const all = [...words.map(quoted), ...options.map(each => described(each.name, each.help))]
    return `    ${name}) known=(${all.join(' ')}) ;;`
  })
  return `#compdef countersign
_countersign() {
  local -a known
  case $words[CURRENT-1] in ${takingValues(commands)}) _files; return ;; esac
  if (( CURRENT == 2 )); then
    known=(help ${commands.map(({ name, summary }) => described(name, summary)).join(' ')})
  else case $words[2] in
    help) known=(${commands.map(({ name }) => name).join(' ')}) ;;
${cases.join('\n')}
  esac fi
  _describe countersign known || _files
}
if [ "$funcstack[1]" = _countersign ]; then _countersign "$@"; else compdef _countersign countersign; fi
`
}

function fish(commands: readonly Known[]): string {
  // Of a shell's quotes only these are fish's own, where a backslash escapes.
  const text = (words: string) => `'${words.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = commands.flatMap(({ name, summary, words, options }) => {
    const behind = `complete -c countersign -n ${text(`__fish_seen_subcommand_from ${name}`)}`
    return [
      `complete -c countersign -n __fish_use_subcommand -f -a ${name} -d ${text(summary)}`,
      ...(words.length > 0 ? [`${behind} -f -a ${text(words.join(' '))}`] : []),
      ...options.map(
        option =>
          `${behind} -l ${option.name.slice(2)}${option.takesValue ? ' -r' : ''} -d ${text(option.help)}`,
      ),
    ]
  })
  const help = [
    `complete -c countersign -n __fish_use_subcommand -f -a help`,
    `complete -c countersign -n '__fish_seen_subcommand_from help' -f -a ${text(commands.map(({ name }) => name).join(' '))}`,
  ]
  return `${[...help, ...lines].join('\n')}\n`
}

/** The shells for which there is a script. */
export const SHELLS = { bash, zsh, fish }

/**
 * The script by which a shell completes the command line.
 *
 * @example scriptFor('bash', [{ name: 'keys', summary: '…', words: ['rotate'], options: [] }])
 */
export const scriptFor = (shell: keyof typeof SHELLS, commands: readonly Known[]): string =>
  SHELLS[shell](commands)
