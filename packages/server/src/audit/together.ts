import { setImmediate as nextTurn } from 'node:timers/promises'

/** Most rows in one statement: databases take a limited number of values. */
const MOST = 100

/**
 * Writes rows that come within one turn of the event loop in one statement, for those whom nobody waits for. Example:
 * three steps of one form post are three entries of the audit log and one `insert`.
 *
 * @param insert writes all of them or none
 */
export function writingTogether<Row>(insert: (rows: Row[]) => Promise<unknown>) {
  let open: { rows: Row[]; written: Promise<unknown> } | undefined

  function begin() {
    const rows: Row[] = []
    const written = nextTurn().then(() => {
      if (open?.rows === rows) open = undefined
      return insert(rows)
    })
    return { rows, written }
  }

  return async (row: Row): Promise<void> => {
    if (!open || open.rows.length >= MOST) open = begin()
    const { rows, written } = open
    rows.push(row)
    try {
      await written
    } catch (error) {
      if (rows.length === 1) throw error
      // One that the database does not take must not cost the others.
      await insert([row])
    }
  }
}
