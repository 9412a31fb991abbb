import { hash } from 'node:crypto'
import { BackupError } from './backup-error.ts'

/** A value as both databases keep it. */
export type Value = string | number | null

/** The values of one row, in the order of its table's columns. */
export type Row = Value[]

/** A table as it is put into a backup: its columns in one order on both databases, that of their names. */
export interface Shape {
  name: string
  columns: string[]
}

/** What a table holds, so that two can be compared: how many rows, and a fingerprint that no order of rows changes. */
export interface Tally {
  table: string
  rows: number
  /** 64 hexadecimal digits. */
  fingerprint: string
}

const SIZE = 2n ** 256n

/**
 * Counts rows and makes their fingerprint: the sum of their SHA-256. Databases order texts differently, so the order must
 * not count.
 *
 * @example const tally = tallyOf('users'); tally.add(row); tally.result() // { table: 'users', rows: 1, fingerprint: '…' }
 */
export function tallyOf(table: string) {
  let rows = 0
  let sum = 0n
  return {
    add(row: Row): void {
      rows += 1
      sum = (sum + BigInt(`0x${hash('sha256', JSON.stringify(row), 'hex')}`)) % SIZE
    },
    result: (): Tally => ({ table, rows, fingerprint: sum.toString(16).padStart(64, '0') }),
  }
}

/**
 * A row as it came from a database, as values.
 *
 * @throws BackupError `value` for one that would not come back as it is
 */
export function asRow({ name, columns }: Shape, found: Record<string, unknown>): Row {
  return columns.map(column => {
    const value = found[column]
    if (value === null || typeof value === 'string') return value
    if (typeof value === 'number' && (Number.isSafeInteger(value) || !Number.isInteger(value))) return value
    throw new BackupError('value', `${name}.${column}`)
  })
}
