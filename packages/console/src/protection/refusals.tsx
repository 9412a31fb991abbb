import { MOST_REFUSALS, type Refusals } from '@countersign/api'
import { Alert, Anchor, Code, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from 'react-router'
import { deliveriesAddress } from '../delivery/filter.ts'
import { Records } from '../frame/records.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'

/** What was refused of late, by reason. */
export function RefusalCounts({ refusals: { reasons, isCut } }: { refusals: Refusals }) {
  const { texts } = useSpeech()
  const label = texts.protection
  if (reasons.length === 0)
    return (
      <Section title={label.lately}>
        <Text size="sm">{label.nothing}</Text>
      </Section>
    )
  return (
    <Section
      title={label.lately}
      text={label.latelyText}
      actions={
        <Anchor component={Link} to={deliveriesAddress({ state: 'refused' })} size="sm">
          {label.look}
        </Anchor>
      }
    >
      <Stack gap="xs">
        <Records columns={[label.reason, label.messages]}>
          <tbody>
            {reasons.map(({ reason, times }) => (
              <tr key={reason}>
                <td data-label={label.reason}>{texts.deliveries.reasons[reason]}</td>
                <td data-label={label.messages}>{times}</td>
              </tr>
            ))}
          </tbody>
        </Records>
        {isCut && <Text size="sm">{label.cut(MOST_REFUSALS)}</Text>}
      </Stack>
    </Section>
  )
}

/** Says that limits by address have nothing to count by, as long as that shows in the newest messages. */
export function UnknownAddresses({ visitors: { messages, known } }: Pick<Refusals, 'visitors'>) {
  const { texts } = useSpeech()
  const label = texts.protection
  if (messages === 0 || known > 0) return null
  return (
    <Alert color="yellow" icon={<IconAlertTriangle />} title={label.unknown}>
      <Text size="sm">
        {label.unknownText}
        <Code>TRUST_PROXY</Code>
        {label.unknownEnd}
      </Text>
    </Alert>
  )
}
