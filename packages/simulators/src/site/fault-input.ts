import { CLOUD_IDS, type CloudId } from '../cloud-ids.ts'
import { FAULT_KINDS, type Fault, type FaultKind } from '../faults.ts'
import { BadInput, checkCount } from './input.ts'

const MEMBERS = ['kind', 'code', 'cloud', 'times', 'delay']

/** Reads a fault as it was sent; null, or a kind of null, lifts the present one. Throws BadInput. */
export function readFault(input: unknown): Fault | null {
  if (input === null) return null
  if (typeof input !== 'object' || Array.isArray(input))
    throw new BadInput('A fault is a JSON object or null.')
  const fault = input as Record<string, unknown>
  const unknown = Object.keys(fault).find(name => !MEMBERS.includes(name))
  if (unknown !== undefined) throw new BadInput(`A fault has no member "${unknown}".`)
  const { kind, code, cloud, times, delay } = fault
  if (kind === null && code === undefined) return null
  if ((kind === undefined) === (code === undefined)) throw new BadInput('Give either "kind" or "code".')
  if (kind !== undefined && !FAULT_KINDS.includes(kind as FaultKind)) {
    throw new BadInput(`"kind" is one of ${FAULT_KINDS.join(', ')}.`)
  }
  if (code !== undefined && !(typeof code === 'string' && /^[\w.:-]{1,128}$/.test(code))) {
    throw new BadInput('"code" is a provider\'s error code.')
  }
  if (cloud !== undefined && !CLOUD_IDS.includes(cloud as CloudId)) {
    throw new BadInput(`"cloud" is one of ${CLOUD_IDS.join(', ')}.`)
  }
  checkCount('times', times, 1, 1_000_000)
  checkCount('delay', delay, 0, 600_000)
  return fault as Fault
}
