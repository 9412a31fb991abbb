import { ActionIcon, Code, Group } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { useState } from 'react'
import { Copy } from './copyable.tsx'

/** A secret as dots, until somebody asks to see it. */
export function HiddenValue(props: {
  value: string
  /** What is copied, for who cannot see the button. */
  label: string
  /** What the eye does. */
  reveal: string
}) {
  const [shown, setShown] = useState(false)
  const Eye = shown ? IconEyeOff : IconEye
  return (
    <Group gap={4} wrap="nowrap">
      <Code className="breakable" fz="sm" style={shown ? undefined : { whiteSpace: 'nowrap' }}>
        {shown ? props.value : '•'.repeat(8)}
      </Code>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={props.reveal}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
      >
        <Eye size={16} />
      </ActionIcon>
      <Copy value={props.value} label={props.label} />
    </Group>
  )
}
