import { type Finding, PLACEHOLDERS, placeholderProblems } from '@countersign/kit'
import { both, warning } from './finding.ts'

const KNOWN = PLACEHOLDERS.slice(0, 6)
  .map(name => `{{${name}}}`)
  .join(', ')

/** Placeholders of a template's text that will not be filled in as they are meant. */
export const lintPlaceholders = (text: string, path: Finding['path']): Finding[] =>
  placeholderProblems(text).map(({ kind, written, meant }) =>
    kind === 'braces'
      ? warning(
          path,
          'placeholder_braces',
          both(
            `${written} has more than two braces; what is over would be sent beside the value.`,
            `${written} 的大括号多于两个，多出的会连同内容一起发送。`,
          ),
          both(`Write ${meant}.`, `请写作 ${meant}。`),
        )
      : warning(
          path,
          'placeholder_unknown',
          both(
            `There is no placeholder ${written}; it would be sent as it stands, or leave a gap.`,
            `没有占位符 ${written}，它会被原样发送或变为空白。`,
          ),
          meant === undefined
            ? both(`Use one of those there are: ${KNOWN}.`, `可用的占位符：${KNOWN}。`)
            : both(`Write ${meant}. There are ${KNOWN}.`, `请写作 ${meant}。可用的占位符：${KNOWN}。`),
        ),
  )
