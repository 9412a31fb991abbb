import { type LimitsPreview, type SendLimits, sendLimitRoutes } from '@countersign/api'
import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '../client.ts'
import { useSpeech } from '../language.tsx'
import type { LimitField } from './form.ts'

/** Milliseconds after the last key: each preview reads a week of messages. */
const TYPED = 700

/**
 * What limits would have made of last week's messages.
 *
 * @param limits undefined while they are not to be looked at: they are as they were, or not whole
 */
export function useWhatIf(limits: SendLimits | undefined): LimitsPreview | undefined {
  const [body] = useDebouncedValue(limits && JSON.stringify(limits), TYPED)
  const { data } = useQuery({
    queryKey: [sendLimitRoutes.previewSendLimits.operationId, body],
    queryFn: () => call(sendLimitRoutes.previewSendLimits, { body: JSON.parse(body!) }),
    enabled: body !== undefined,
    placeholderData: keepPreviousData,
  })
  return limits && data
}

/** What one limit would have refused, beside its field. */
export function WouldHave({ preview, field }: { preview: LimitsPreview | undefined; field: LimitField }) {
  const { texts } = useSpeech()
  const found = preview?.bounds.find(
    ({ channel, scope, window }) => `${channel}.${scope}.${window}` === field,
  )
  if (!found || found.refused === 0) return null
  return (
    <Text size="xs" c={found.used > 0 ? 'light-dark(#a02020, #ff9a9a)' : 'dimmed'} mt={4}>
      {texts.protection.wouldRefuse(found.refused, found.used)}
    </Text>
  )
}

/** What all limits together would have refused. */
export function WouldHaveInAll({ preview }: { preview: LimitsPreview | undefined }) {
  const { texts } = useSpeech()
  const label = texts.protection
  return (
    <Text size="sm" role="status" mb={preview && 'xs'}>
      {preview &&
        [
          preview.messages === 0
            ? label.nothingLeft
            : label.wouldHave(preview.refused, preview.messages, preview.used),
          ...(preview.isCut ? [label.onlyNewest(preview.messages)] : []),
        ].join(' ')}
    </Text>
  )
}
