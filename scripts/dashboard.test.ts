import { parser } from '@prometheus-io/lezer-promql'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createMetrics } from '../packages/server/src/metrics/metrics.ts'
import { none } from './complaints.ts'
import { textOf } from './sources.ts'

interface Panel {
  id: number
  title: string
  type: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: { expr: string }[]
}

interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string; description: string }
}

const { panels } = JSON.parse(textOf('deploy/grafana/countersign.json')!) as { panels: Panel[] }
const { groups } = parse(textOf('deploy/prometheus/alerts.yaml')!) as { groups: { rules: Rule[] }[] }
const rules = groups.flatMap(group => group.rules)
const expressions = [
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ of: title, expr }))),
  ...rules.map(({ alert: of, expr }) => ({ of, expr })),
]

/** The metrics that are there, as Prometheus stores them, each with its labels. */
async function stored(): Promise<Map<string, readonly string[]>> {
  const metrics = createMetrics({ ofProcess: true, failed() {} })
  metrics.watch({
    connections: async () => [],
    budgets: async () => [],
    messages: async () => [],
    queues: async () => ({}),
    pool: async () => ({}),
  })
  const found = new Map<string, readonly string[]>([['up', []]])
  for (const { name, type, labels } of metrics.described())
    for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''])
      found.set(`${name}${suffix}`, suffix === '_bucket' ? [...labels, 'le'] : labels)
  return found
}

/** The parts of a kind in an expression, as texts; `⚠` is what Prometheus would not take. */
function partsOf(expr: string, kind: string): string[] {
  const text = expr.replaceAll('$instance', 'all')
  const found: string[] = []
  parser.parse(text).iterate({
    enter({ name, from, to, type }) {
      if (name === kind || (kind === '⚠' && type.isError)) found.push(text.slice(from, to))
    },
  })
  return found
}

describe('the dashboard and the alerts', () => {
  it('ask what Prometheus can read', () => {
    expect(expressions.length).toBeGreaterThan(30)
    none(
      expressions
        .filter(({ expr }) => partsOf(expr, '⚠').length > 0)
        .map(({ of, expr }) => `${of}: ${expr.trim()}`),
      'Mend these expressions:',
    )
  })

  it('name only metrics and labels that a server has', async () => {
    const known = await stored()
    // Prometheus itself adds these; `group` by any other is empty.
    const always = ['instance', 'job']
    const wrong = expressions.flatMap(({ of, expr }) => {
      const names = [...new Set(partsOf(expr, 'Identifier'))]
      const labels = new Set([...names.flatMap(name => known.get(name) ?? []), ...always])
      return [
        ...names.filter(name => !known.has(name)).map(name => `${of}: ${name} is no metric`),
        ...partsOf(expr, 'LabelName')
          .filter(label => !labels.has(label))
          .map(label => `${of}: no metric of it has the label ${label}`),
      ]
    })
    none(wrong, 'Name what packages/server/src/metrics has:')
    expect(names(expressions).length, 'The parser names metrics otherwise.').toBeGreaterThan(15)
  })

  it('show every metric of ours, and docs/metrics.md explains it', async () => {
    const known = createMetrics({ failed() {} }).described()
    const shown = names(expressions).join(' ')
    none(
      known.filter(({ name }) => !shown.includes(name)).map(({ name }) => name),
      'Neither the dashboard nor an alert uses these:',
    )
    const text = textOf('docs/metrics.md')!
    const all = [...(await stored()).keys()].filter(name => name.startsWith('countersign_'))
    none(
      all
        .map(name => name.replace(/_seconds_(?:bucket|sum|count)$/, '_seconds'))
        .filter(name => !text.includes(`\`${name}\``)),
      'docs/metrics.md says nothing of these:',
    )
  })

  it('lie beside each other, each panel with a number of its own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const overlap = panels.flatMap((a, nth) =>
      panels
        .slice(nth + 1)
        .filter(
          b =>
            a.gridPos.x < b.gridPos.x + b.gridPos.w &&
            b.gridPos.x < a.gridPos.x + a.gridPos.w &&
            a.gridPos.y < b.gridPos.y + b.gridPos.h &&
            b.gridPos.y < a.gridPos.y + a.gridPos.h,
        )
        .map(b => `${a.title} and ${b.title}`),
    )
    none(overlap, 'These panels lie over each other:')
  })

  it('say of each alert what it is and what to do', () => {
    for (const { alert, labels, annotations } of rules) {
      expect(['page', 'ticket'], alert).toContain(labels.severity)
      expect(annotations.summary.length * annotations.description.length, alert).toBeGreaterThan(0)
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })
})

function names(of: { expr: string }[]): string[] {
  return [...new Set(of.flatMap(({ expr }) => partsOf(expr, 'Identifier')))]
}
