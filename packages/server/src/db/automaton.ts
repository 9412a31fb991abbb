import { type Edge, isWordSign, type Pattern, PatternError, type Signs } from './patterns.ts'

type Instruction =
  | { kind: 'sign'; signs: Signs }
  | { kind: 'edge'; edge: Edge }
  | { kind: 'fork'; targets: number[] }
  | { kind: 'match' }

/** More instructions take too long for each character; repetitions by number multiply them. */
const MOST_INSTRUCTIONS = 1000

/** Says whether a text matches, and counts its steps. */
export type Automaton = (text: string, step: () => void) => boolean

/**
 * Makes a matcher of a pattern that follows all ways through it at once (Thompson 1968). Its steps grow with the text
 * times the pattern, whatever they are, where a backtracking matcher may take longer than anybody waits.
 *
 * @throws PatternError when the pattern repeats too much
 */
export function compile(pattern: Pattern): Automaton {
  const program: Instruction[] = []
  emit(pattern, program)
  add(program, { kind: 'match' })
  return (text, step) => run(program, Array.from(text), step)
}

function add<I extends Instruction>(program: Instruction[], instruction: I): I {
  if (program.length >= MOST_INSTRUCTIONS) throw new PatternError('the pattern repeats too much')
  program.push(instruction)
  return instruction
}

/** A place where ways part; the caller says where they go. */
function fork(program: Instruction[]): number[] {
  return add(program, { kind: 'fork', targets: [] }).targets
}

function emit(pattern: Pattern, program: Instruction[]): void {
  switch (pattern.kind) {
    case 'sign':
    case 'edge':
      add(program, pattern)
      return
    case 'sequence':
      for (const part of pattern.parts) emit(part, program)
      return
    case 'choice':
      emitChoice(pattern.parts, program)
      return
    case 'repeat':
      emitRepeat(pattern, program)
  }
}

function emitChoice(parts: Pattern[], program: Instruction[]): void {
  const ways = fork(program)
  const ends: number[][] = []
  for (const part of parts) {
    ways.push(program.length)
    emit(part, program)
    ends.push(fork(program))
  }
  for (const end of ends) end.push(program.length)
}

function emitRepeat({ part, least, most }: Pattern & { kind: 'repeat' }, program: Instruction[]): void {
  for (let times = 0; times < least; times += 1) emit(part, program)
  if (most === Number.POSITIVE_INFINITY) {
    const start = program.length
    const ways = fork(program)
    ways.push(program.length)
    emit(part, program)
    fork(program).push(start)
    ways.push(program.length)
    return
  }
  const exits: number[][] = []
  for (let times = least; times < most; times += 1) {
    const ways = fork(program)
    ways.push(program.length)
    exits.push(ways)
    emit(part, program)
  }
  for (const exit of exits) exit.push(program.length)
}

function holds(edge: Edge, signs: string[], at: number): boolean {
  if (edge === 'start') return at === 0
  if (edge === 'end') return at === signs.length
  const before = at > 0 && isWordSign(signs[at - 1]!)
  const after = at < signs.length && isWordSign(signs[at]!)
  if (edge === 'word-start') return !before && after
  if (edge === 'word-end') return before && !after
  return (before !== after) === (edge === 'word')
}

function run(program: Instruction[], signs: string[], step: () => void): boolean {
  /** At which place of the text an instruction was last reached: once there is enough. */
  const reached = new Int32Array(program.length).fill(-1)
  let waiting: number[] = []
  for (let at = 0; at <= signs.length; at += 1) {
    // A match may begin at every place.
    const open = [...waiting, 0]
    waiting = []
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      step()
      if (reached[index] === at) continue
      reached[index] = at
      const instruction = program[index]!
      if (instruction.kind === 'match') return true
      if (instruction.kind === 'fork') open.push(...instruction.targets)
      else if (instruction.kind === 'edge') {
        if (holds(instruction.edge, signs, at)) open.push(index + 1)
      } else if (at < signs.length && instruction.signs.has(signs[at]!)) waiting.push(index + 1)
    }
  }
  return false
}
