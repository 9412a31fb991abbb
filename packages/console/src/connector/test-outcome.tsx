import type { TestResult } from '@countersign/api'
import { Alert, Anchor, Code, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Copy } from '../frame/copyable.tsx'
import { RawAnswer } from '../frame/raw-answer.tsx'
import { RemedyLinks } from '../frame/remedy-links.tsx'
import { useSpeech } from '../language.tsx'

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div" className="breakable">
        {children}
      </Text>
    </div>
  )
}

/** How a test send ended: the provider's ids, or the whole story of the failure. */
export function TestOutcome({ result, inboxUrl }: { result: TestResult; inboxUrl: string | null }) {
  const { texts, pick } = useSpeech()
  if (result.delivered)
    return (
      <Alert color="green" icon={<IconCheck />} title={texts.test.delivered} role="status">
        <Stack gap="xs">
          {Object.entries(result.ids).map(([name, id]) => (
            <Line key={name} label={name}>
              <Code>{id}</Code> <Copy value={id} label={name} />
            </Line>
          ))}
          <Text size="sm" c="dimmed">
            {texts.test.took(result.took)}
          </Text>
          {inboxUrl && (
            <Anchor href={inboxUrl} target="_blank" rel="noreferrer" size="sm">
              {texts.test.inbox}
            </Anchor>
          )}
        </Stack>
      </Alert>
    )
  return (
    <Alert color="red" icon={<IconX />} title={texts.test.failed}>
      <Stack gap="xs">
        {result.providerCode && (
          <Line label={texts.test.code}>
            <Code>{result.providerCode}</Code>
          </Line>
        )}
        <Line label={texts.test.failure}>
          <Code>{result.failure}</Code>
        </Line>
        <Line label={texts.test.meaning}>{pick(result.meaning)}</Line>
        <Line label={texts.test.remedy}>
          {pick(result.remedy)}
          <div>
            <RemedyLinks links={result.links} />
          </div>
        </Line>
        {result.retryAfter !== undefined && (
          <Text size="sm">{texts.test.retryAfter(Math.ceil(result.retryAfter))}</Text>
        )}
        {result.maybeSent && (
          <Alert color="yellow" icon={<IconAlertTriangle />} p="xs">
            {texts.test.maybeSent}
          </Alert>
        )}
        {result.source && (
          <Line label={texts.test.source}>
            {/^https?:/.test(result.source) ? (
              <Anchor href={result.source} target="_blank" rel="noreferrer" size="sm">
                {result.source}
              </Anchor>
            ) : (
              result.source
            )}
          </Line>
        )}
        {result.answer && <RawAnswer answer={result.answer} />}
        <Text size="sm" c="dimmed">
          {texts.test.took(result.took)}
        </Text>
      </Stack>
    </Alert>
  )
}
