import { hookRoutes, RobotFailure } from '@countersign/api'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconCheck, IconSend } from '@tabler/icons-react'
import { ApiError } from '../api-error.ts'
import { showFirstMistake } from '../frame/first-mistake.ts'
import { Outcome } from '../frame/outcome.tsx'
import { Problem } from '../frame/problem.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { Failure } from './failure.tsx'
import { toConfig, type WebhookForm } from './form.ts'

/** What a receiver that refused a sample said. */
function answerOf(error: Error): { status: number; body: string } | undefined {
  if (!(error instanceof ApiError)) return undefined
  const { responseStatus, responseBody } = (error.data ?? {}) as Record<string, unknown>
  return typeof responseStatus === 'number'
    ? { status: responseStatus, body: String(responseBody ?? '') }
    : undefined
}

/** What a service's refusal means and what helps, where it was a robot's. */
function failureOf(error: Error): RobotFailure | undefined {
  if (!(error instanceof ApiError)) return undefined
  return RobotFailure.safeParse((error.data as { failure?: unknown } | undefined)?.failure).data
}

function Answer({ body }: { body: string }) {
  const { texts } = useSpeech()
  return (
    <>
      <Text size="xs" c="dimmed">
        {texts.webhook.answer}
      </Text>
      <pre className="raw">{body || texts.webhook.emptyAnswer}</pre>
    </>
  )
}

/** Sends samples with what stands in the form, saved or not. `onTry` says whether the form is fit for it. */
export function SendSample({ id, form, onTry }: { id: string; form: WebhookForm; onTry(): boolean }) {
  const { texts } = useSpeech()
  const label = texts.webhook
  const test = useChange(hookRoutes.testHook)
  const inForm = { events: form.events, config: toConfig(form) }
  const robots = texts.robots
  const service = form.form === 'json' ? undefined : robots.services[form.form]
  const failure = test.error ? failureOf(test.error) : undefined
  const answer = test.error ? answerOf(test.error) : undefined
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={<IconSend size={16} />}
          loading={test.isPending}
          onClick={event => {
            if (onTry()) return test.mutate({ params: { id }, body: inForm })
            test.reset()
            showFirstMistake(event.currentTarget.form!)
          }}
        >
          {label.test}
        </Button>
        <Text size="sm" c="dimmed" flex="1 1 16rem">
          {service === undefined ? label.testText : robots.testText}
        </Text>
      </Group>
      {(test.isSuccess || test.isError) && (
        <Outcome of={test.variables.body} now={inForm}>
          {test.isSuccess && (
            <Alert color="green" icon={<IconCheck />} role="status">
              {service === undefined
                ? label.testPassed(test.variables.body.events.length)
                : robots.testPassed(service)}
            </Alert>
          )}
          {failure ? (
            <Alert color="red" icon={<IconAlertCircle />} title={label.testFailed} className="breakable">
              <Failure of={failure} />
              {answer && <Answer body={answer.body} />}
            </Alert>
          ) : (
            <Problem error={test.error} title={label.testFailed}>
              {answer && (
                <Stack gap={4} w="100%">
                  <Text size="sm">{label.testAnswered(answer.status)}</Text>
                  <Answer body={answer.body} />
                </Stack>
              )}
            </Problem>
          )}
        </Outcome>
      )}
    </Stack>
  )
}
