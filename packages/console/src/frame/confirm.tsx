import { Button, type ButtonProps, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { useSpeech } from '../language.tsx'
import { Dialog } from './dialog.tsx'
import { Problem } from './problem.tsx'

/** A button whose deed cannot be taken back: asks first, and stays open with the reason when it fails. */
export function ConfirmButton(props: {
  label: string
  icon?: ReactNode
  title: string
  text: string
  confirm?: string
  button?: ButtonProps & { 'aria-label'?: string }
  /** A choice that goes with it. */
  children?: ReactNode
  onConfirm: () => Promise<unknown>
}) {
  const { texts } = useSpeech()
  const [opened, { open, close }] = useDisclosure()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function confirm() {
    setBusy(true)
    setError(undefined)
    try {
      await props.onConfirm()
      close()
    } catch (reason) {
      setError(reason)
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <Button
        variant="default"
        c="var(--mantine-color-error)"
        leftSection={props.icon}
        {...props.button}
        onClick={() => {
          setError(undefined)
          open()
        }}
      >
        {props.label}
      </Button>
      <Dialog opened={opened} onClose={close} title={props.title}>
        <Stack>
          <Text size="sm">{props.text}</Text>
          {props.children}
          <Problem error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {texts.common.cancel}
            </Button>
            <Button color="red" loading={busy} onClick={() => void confirm()}>
              {props.confirm ?? texts.common.delete}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  )
}
