import { choice, type Field, type Localized } from '@countersign/kit'

/** A choice of regions out of a connector's table of them. */
export function regionChoice<R extends string>(
  regions: Readonly<Record<R, { en: string; zh: string }>>,
  options: { label: Localized; help: Localized; fallback: R },
): Field<R> {
  const values = Object.keys(regions) as R[]
  return choice<R>({
    ...options,
    options: values.map(value => ({
      value,
      label: { en: `${regions[value].en} · ${value}`, 'zh-CN': `${regions[value].zh} · ${value}` },
    })),
  })
}
