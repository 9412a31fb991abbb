import { type RawBuilder, sql } from 'kysely'
import type { Schema } from '../db/schema.ts'

const of = (column: keyof Schema['attempts']) => sql.ref(`attempts.${column}`)

/** True for an attempt whose message left, or may have left. */
export const LEFT: RawBuilder<boolean> = sql`${of('state')} in ('accepted', 'unconfirmed')`

/**
 * What an attempt costs, in millionths of its currency, by the price that it was sent at; null where nobody knows. It is
 * worked out when it is read, since receipts come later and tell more: whether it is charged at all, and for how many
 * segments. One counts where nobody has said how many.
 */
export const COST: RawBuilder<number | null> = sql`case
  when not ${LEFT} then 0
  when ${of('charged')} = 'receipt' and ${of('receipt')} = 'undelivered' then 0
  when ${of('price_unit')} = 'segment' then ${of('price')} * coalesce(${of('segments')}, 1)
  else ${of('price')} end`

const RECEIPTED: RawBuilder<boolean> = sql`coalesce(${of('receipt')}, 'none') <> 'none'`

/** 1 as long as what an attempt costs may still turn out otherwise: no answer, receipt or number of segments came. */
export const ESTIMATED: RawBuilder<number> = sql`case
  when not ${LEFT} or ${of('price')} is null then 0
  when ${of('charged')} = 'receipt' and ${of('receipt')} = 'undelivered' then 0
  when ${of('state')} = 'unconfirmed' or (${of('charged')} = 'receipt' and not ${RECEIPTED}) then 1
  when ${of('price_unit')} = 'segment' and ${of('segments')} is null then 1
  else 0 end`
