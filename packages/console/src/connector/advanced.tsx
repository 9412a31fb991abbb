import { Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useSpeech } from '../language.tsx'

/** Fields that only few need, folded away until they are asked for or one of them says something. */
export function Advanced({ wanted, children }: { wanted: boolean; children: ReactNode }) {
  const { texts } = useSpeech()
  const [open, setOpen] = useState(wanted)
  const [before, setBefore] = useState(wanted)
  if (wanted !== before) {
    setBefore(wanted)
    if (wanted) setOpen(true)
  }
  return (
    <details open={open} onToggle={event => setOpen(event.currentTarget.open)} className="advanced">
      <summary>{texts.connector.advanced}</summary>
      {/* Nothing that is folded away can be mistaken for a field in sight. */}
      {open && <Stack mt="sm">{children}</Stack>}
    </details>
  )
}
