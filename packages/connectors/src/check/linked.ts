import type { CheckItem, SendWorld } from '@countersign/kit'
import { linksIn, type Place } from '../places.ts'

type Check<S> = (settings: S, world: SendWorld) => Promise<CheckItem[]>

/** A check whose items bring along the pages that their remedies name. */
export const linked =
  <S>(check: Check<S>, places: readonly Place[]): Check<S> =>
  async (settings, world) =>
    (await check(settings, world)).map(item => {
      const links = item.links ?? (item.remedy ? linksIn(places, item.remedy) : [])
      return links.length > 0 ? { ...item, links } : item
    })
