import { JsonObject, LanguageTag } from '@countersign/api'
import { carryOut, decide } from './decide.ts'
import { isLikeThere, type Move, type Outcome } from './outcome.ts'
import { member, read, text } from './reading.ts'

/** Names of texts that are told; of more only the number is. */
const NAMED = 5

/** An operator's own texts, by language: those that have a place here. */
export async function* movePhrases(move: Move): AsyncIterable<Outcome> {
  const found = await move.source.get('/api/custom-phrases')
  for (const given of Array.isArray(found) ? found : []) {
    const id = text(member(given, 'languageTag')) ?? '?'
    const tag = read(LanguageTag, id)
    const translation = read(JsonObject, member(given, 'translation'))
    const problem =
      'problem' in tag ? tag.problem : 'problem' in translation ? translation.problem : undefined
    if (problem !== undefined || !('data' in translation)) {
      yield { id, action: 'failed', reason: { text: `it cannot be here: ${problem}` } }
      continue
    }
    const { texts, strange } = move.here.phrases.fitting(translation.data)
    if (Object.keys(texts).length === 0) {
      yield { id, action: 'skipped', reason: { text: `no page here has any of its ${strange.length} texts` } }
      continue
    }
    const current = (await move.here.phrases.list()).find(each => each.languageTag === id)
    const pair = { kind: 'phrases', id, seen: current?.translation, wanted: texts }
    const outcome: Outcome = { id, ...(await decide(move, pair)) }
    if (strange.length > 0 && isLikeThere(outcome))
      outcome.without = [{ text: `${strange.length} texts that no page here has: ${some(strange)}` }]
    if (outcome.action === 'create') move.ahead.languages.push(id)
    await carryOut(move, pair, outcome, () => move.here.phrases.put(id, texts))
    yield outcome
  }
}

const some = (names: string[]) =>
  names.length > NAMED ? `${names.slice(0, NAMED).join(', ')} and more` : names.join(', ')
