import { Button } from '@mantine/core'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'

/**
 * A row of `Records` that shows more when asked. `cells` are those before the button; `label` is what the button says.
 */
export function UnfoldingRow({
  cells,
  label,
  children,
}: {
  cells: readonly ReactNode[]
  label: string
  children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const detailsId = useId()
  const Chevron = open ? IconChevronUp : IconChevronDown
  return (
    <tbody>
      <tr>
        {cells}
        <td>
          <Button
            variant="subtle"
            size="compact-sm"
            aria-expanded={open}
            aria-controls={detailsId}
            rightSection={<Chevron size={16} />}
            onClick={() => setOpen(!open)}
          >
            {label}
          </Button>
        </td>
      </tr>
      {open && (
        <tr id={detailsId}>
          <td colSpan={cells.length + 1}>{children}</td>
        </tr>
      )}
    </tbody>
  )
}
