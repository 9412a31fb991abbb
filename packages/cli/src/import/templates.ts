import { EmailTemplate } from '@countersign/api'
import { carryOut, decide } from './decide.ts'
import type { Move, Outcome } from './outcome.ts'
import { member, read, text } from './reading.ts'

const Template = EmailTemplate.pick({ languageTag: true, templateType: true, details: true })

/** E-mail templates, by language and occasion. */
export async function* moveTemplates(move: Move): AsyncIterable<Outcome> {
  const found = await move.source.get('/api/email-templates')
  for (const given of Array.isArray(found) ? found : []) {
    const id = `${text(member(given, 'languageTag')) ?? '?'}/${text(member(given, 'templateType')) ?? '?'}`
    const result = read(Template, given)
    if ('problem' in result) {
      yield { id, action: 'failed', reason: { text: `it is none that can be here: ${result.problem}` } }
      continue
    }
    const { languageTag, templateType, details } = result.data
    const [current] = await move.here.templates.list({ languageTag, templateType })
    const pair = { kind: 'templates', id, seen: current?.details, wanted: details }
    const outcome: Outcome = { id, ...(await decide(move, pair)) }
    await carryOut(move, pair, outcome, () =>
      move.here.templates.put([{ languageTag, templateType, details }]),
    )
    yield outcome
  }
}
