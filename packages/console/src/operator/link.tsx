import type { OperatorLink } from '@countersign/api'
import { Button, Group, Stack, Text } from '@mantine/core'
import { CopyableValue } from '../frame/copyable.tsx'
import { Dialog } from '../frame/dialog.tsx'
import { useSpeech } from '../language.tsx'

/** Shows a one-time link, this once. A click beside the window does not close it. */
export function LinkDialog(props: {
  made: OperatorLink | undefined
  opened: boolean
  onClose(): void
  /** When it is out of sight. */
  onClosed(): void
}) {
  const { made, opened, onClose } = props
  const { texts, date } = useSpeech()
  const label = texts.operators
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={props.onClosed}
      closeOnClickOutside={false}
      title={made && label.linkTitle(made.operator.name)}
    >
      {made && (
        <Stack>
          <Text size="sm">{label.linkText(date(made.expiresAt))}</Text>
          <CopyableValue label={label.link} value={made.link} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{label.done}</Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  )
}
