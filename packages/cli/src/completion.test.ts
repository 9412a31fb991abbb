import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { type Known, SHELLS, scriptFor } from './completion.ts'

const known: Known[] = [
  {
    name: 'keys',
    summary: "What's signed",
    words: ['rotate', 'delete'],
    options: [{ name: '--type', help: 'a: b', takesValue: true }],
  },
  {
    name: 'backup',
    summary: 'Write all',
    words: [],
    options: [{ name: '--json', help: 'JSON', takesValue: false }],
  },
]

describe('the script for completion', () => {
  const complete = (...words: string[]) =>
    execFileSync('bash', [
      '--norc',
      '-c',
      `${scriptFor('bash', known)}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _countersign; echo "\${COMPREPLY[*]}"`,
      'bash',
      'countersign',
      ...words,
    ])
      .toString()
      .trim()

  it('completes commands, their words and their options in bash', () => {
    expect(complete('')).toBe('help keys backup')
    expect(complete('keys', 'r')).toBe('rotate')
    expect(complete('keys', 'rotate', '--t')).toBe('--type')
    expect(complete('backup', '-')).toBe('--json')
    // Then bash offers files.
    expect(complete('keys', 'rotate', '--type', '')).toBe('')
  })

  it('escapes for each shell what is special there', () => {
    expect(scriptFor('zsh', known)).toContain(String.raw`'--type:a\: b'`)
    expect(scriptFor('fish', known)).toContain(String.raw`-a keys -d 'What\'s signed'`)
    expect(Object.keys(SHELLS)).toEqual(['bash', 'zsh', 'fish'])
  })
})
