import type { RobotFailure } from '@countersign/api'
import { Stack, Text } from '@mantine/core'
import { useSpeech } from '../language.tsx'

/** Why a service did not take a robot's message, and what helps. */
export function Failure({ of: { kind, meaning, remedy } }: { of: RobotFailure }) {
  const { texts, pick } = useSpeech()
  return (
    <Stack gap={4}>
      <Text size="sm" fw={550}>
        {texts.robots.kinds[kind]}
      </Text>
      <Text size="sm">{pick(meaning)}</Text>
      <Text size="sm">{pick(remedy)}</Text>
    </Stack>
  )
}
