import { isObject } from '@countersign/kit/json'
import { sameJson } from './draft.ts'

type Row = Record<string, unknown>

/** What a row says beside whom it is for. */
const saidBy = ({ usageType: _, locale: __, ...row }: Row): Row => row

/** True for rows that say the same of every usage type to all readers, and of every one that there must be. */
export function isShared(rows: readonly unknown[], required: readonly string[]): rows is Row[] {
  const [first] = rows
  return (
    isObject(first) &&
    rows.every(row => isObject(row) && !row.locale && sameJson(saidBy(row), saidBy(first))) &&
    required.every(type => rows.some(row => isObject(row) && row.usageType === type))
  )
}

/** What says most is what all shall say. */
const filled = (row: Row): number =>
  Object.values(saidBy(row)).filter(value => value !== '' && value !== undefined && value !== null).length

/** Rows that all say what the fullest of them says, one for every usage type that there must be. */
export function shareRow(rows: readonly unknown[], required: readonly string[]): Row[] {
  const known = rows.filter(isObject)
  const shared = known.reduce<Row>((best, row) => (filled(row) > filled(best) ? row : best), known[0] ?? {})
  const types = new Set([...known.map(({ usageType }) => usageType), ...required])
  return [...types].map(usageType => ({ usageType, ...saidBy(shared) }))
}

/** Writes a member of every row; `undefined` takes it away. */
export const writeShared = (rows: readonly Row[], key: string, value: unknown): Row[] =>
  rows.map(({ [key]: _, ...row }) => (value === undefined ? row : { ...row, [key]: value }))
