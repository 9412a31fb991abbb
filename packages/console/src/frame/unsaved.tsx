import { Button, Group, Stack, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useBlocker } from 'react-router'
import { useSpeech } from '../language.tsx'
import { Dialog } from './dialog.tsx'

/**
 * Asks before the page is left while `dirty`, inside the console and when the tab is closed. `release` lets the
 * next step go through, for the way out after saving.
 */
export function useUnsavedGuard(dirty: boolean) {
  const released = useRef(false)
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty && !released.current && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    if (!dirty) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [dirty])
  return {
    blocker,
    release: () => {
      released.current = true
    },
  }
}

/** The foot of a form: whether there is something to save or to mend, and the button that saves it. */
export function SaveRow({ dirty, marked, saving }: { dirty: boolean; marked: boolean; saving: boolean }) {
  const { texts } = useSpeech()
  return (
    <Group justify="space-between">
      <Text size="sm" c={marked ? 'red' : 'dimmed'} role="status">
        {marked ? texts.errors.marked : dirty && texts.common.unsaved}
      </Text>
      <Button type="submit" disabled={!dirty} loading={saving}>
        {texts.common.save}
      </Button>
    </Group>
  )
}

/** The question that goes with the guard. */
export function UnsavedQuestion({ blocker }: { blocker: ReturnType<typeof useBlocker> }) {
  const { texts } = useSpeech()
  return (
    <Dialog
      opened={blocker.state === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={texts.leave.title}
      centered
    >
      <Stack>
        <Text size="sm">{texts.leave.text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => blocker.reset?.()}>
            {texts.leave.stay}
          </Button>
          <Button color="red" onClick={() => blocker.proceed?.()}>
            {texts.leave.leave}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
