import { closest, type Finding, isObject, type SettingsTable } from '@countersign/kit'
import { both, type Draft, rowsOf, warning } from './finding.ts'

/** A name without what people write otherwise: `SecretKey`, `secret_key`. */
const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z\d]/g, '')

/** The member that was probably meant by a name: by its own name, or by what the cloud calls it. */
function meantBy(name: string, fields: Readonly<Record<string, string>>): string | undefined {
  const short = plain(name.slice(0, 64))
  const names = Object.keys(fields)
  const same = names.find(key => plain(key) === short || plain(fields[key]!) === short)
  const part = (key: string) =>
    short.length > 2 && (plain(key).startsWith(short) || short.startsWith(plain(key)))
  return same ?? closest(short, names) ?? names.find(part)
}

function found(path: Finding['path'], fields: Readonly<Record<string, string>>): Finding {
  const name = String(path.at(-1))
  const meant = meantBy(name, fields)
  const names = Object.keys(fields).join(', ')
  return warning(
    path,
    'member_unknown',
    both(`Nothing reads “${name}”.`, `没有名为“${name}”的配置项，该值不会生效。`),
    meant === undefined
      ? both(
          `Remove it, or use one of the members there are: ${names}.`,
          `请删除，或改用已有的配置项：${names}。`,
        )
      : both(`Did you mean ${meant}? Else remove it.`, `是否应为 ${meant}？否则请删除。`),
  )
}

const namesOf = (table: SettingsTable) =>
  Object.fromEntries(Object.entries(table).map(([key, { label }]) => [key, label.en]))

/** What says which schema a file follows, for editors. */
const FOR_EDITORS = '$schema'

/** Members that no field has, in the configuration and its rows: misspelt, or meant for something else. */
export function* unknownMembers(table: SettingsTable, draft: Draft): Generator<Finding> {
  const unknown = (value: Draft, path: Finding['path'], fields: Readonly<Record<string, string>>) =>
    Object.keys(value)
      .filter(key => !Object.hasOwn(fields, key) && key !== FOR_EDITORS)
      .map(key => found([...path, key], fields))
  yield* unknown(draft, [], namesOf(table))
  const row = table.templates?.row
  if (!row) return
  const inRow = Object.fromEntries(Object.entries(row).map(([key, { label }]) => [key, label.en]))
  for (const each of rowsOf(draft)) {
    const path = ['templates', each.index]
    yield* unknown(each.row, path, { usageType: 'Usage type', ...inRow })
    for (const [key, { kind }] of Object.entries(row)) {
      const pair = each.row[key]
      if (kind === 'regional' && isObject(pair))
        yield* unknown(pair as Draft, [...path, key], { china: 'Mainland', overseas: 'Abroad' })
    }
  }
}
