import { Button, Center, Stack, Title } from '@mantine/core'
import { useSpeech } from '../language.tsx'

/** Where an error in the console itself ends, e.g. after an update removed the script that was to be loaded. */
export function Crash() {
  const { texts } = useSpeech()
  return (
    <Center mih="60dvh" p="md">
      <Stack align="center">
        <Title order={1} size="h4" ta="center">
          {texts.errors.crashed}
        </Title>
        <Button onClick={() => location.reload()}>{texts.errors.reload}</Button>
      </Stack>
    </Center>
  )
}
