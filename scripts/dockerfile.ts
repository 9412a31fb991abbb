/** One instruction of a Dockerfile, with continued lines joined: `{ name: 'RUN', rest: 'npm ci' }`. */
export interface Instruction {
  name: string
  rest: string
}

/** What begins with `FROM`. */
export interface Stage {
  base: string
  /** By which later stages copy from it; empty where it has none. */
  name: string
  instructions: Instruction[]
}

/**
 * The stages of a Dockerfile, in their order.
 *
 * @param text of a Dockerfile without ARG and heredocs
 * @throws Error when something stands before the first `FROM`
 * @example readDockerfile('FROM node:24 AS build\nRUN npm ci').at(0)!.name // 'build'
 */
export function readDockerfile(text: string): Stage[] {
  const stages: Stage[] = []
  const lines = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, '')
  for (const [, name, rest] of lines.matchAll(/^([A-Z]+) (.+)$/gm)) {
    const [, base, , as = ''] = name === 'FROM' ? (/^(\S+)( AS (\S+))?$/.exec(rest!) ?? []) : []
    if (base !== undefined) stages.push({ base, name: as, instructions: [] })
    else if (stages.length === 0) throw new Error(`${name} stands before FROM`)
    else stages.at(-1)!.instructions.push({ name: name!, rest: rest! })
  }
  return stages
}

/**
 * Whether a file goes to Docker, by a `.dockerignore` of the kind that begins with `*`: then come `!path` for what goes
 * after all, and names or endings that stay behind wherever they are.
 *
 * @param ignore the text of the .dockerignore
 * @example isSent('*\n!scripts\n**\/*.test.ts')('scripts/start.ts') // true
 */
export function isSent(ignore: string): (path: string) => boolean {
  const lines = ignore.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  if (lines.shift() !== '*') throw new Error('It must begin with *: what goes is named')
  const sent = lines.filter(line => line.startsWith('!')).map(line => line.slice(1))
  const left = lines.filter(line => line.startsWith('**/')).map(line => line.slice(3))
  return path => {
    const parts = path.split('/')
    return (
      sent.some(place => path === place || path.startsWith(`${place}/`)) &&
      !left.some(name =>
        name.startsWith('*.') ? parts.at(-1)!.endsWith(name.slice(1)) : parts.includes(name),
      )
    )
  }
}
