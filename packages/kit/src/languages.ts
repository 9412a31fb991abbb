function parse(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag.trim().replaceAll('_', '-'))
  } catch {
    return undefined // the tag comes from the outside and may be anything
  }
}

function match(tag: string, available: readonly string[]): string | undefined {
  const wanted = parse(tag)
  if (!wanted) return undefined
  const whole = wanted.maximize().baseName
  const sameLanguage = available.filter(each => parse(each)?.language === wanted.language)
  const script = wanted.maximize().script
  // zh-HK is nearer to zh-Hant than to zh-Hans, but any Chinese is nearer than English.
  const sameScript = sameLanguage.filter(each => parse(each)?.maximize().script === script)
  const shorter = sameScript
    .filter(each => wanted.baseName.startsWith(`${parse(each)?.baseName}-`))
    .sort((a, b) => b.length - a.length)
  return (
    sameLanguage.find(each => parse(each)?.baseName === wanted.baseName) ??
    sameLanguage.find(each => parse(each)?.maximize().baseName === whole) ??
    shorter[0] ??
    sameScript[0] ??
    sameLanguage[0]
  )
}

/**
 * The first of the wanted languages that is available, by exact tag, then by one that means the same (`zh-Hant-HK`,
 * `zh-HK`), then by a shorter form of it, then by script, then by base language; of several that are as near the first
 * one.
 *
 * @example chooseTag(['fr', 'zh-Hans-SG'], ['en', 'zh-CN']) // 'zh-CN'
 */
export function chooseTag(wanted: readonly string[], available: readonly string[]): string | undefined {
  for (const tag of wanted) {
    const found = match(tag, available)
    if (found) return found
  }
  return undefined
}
