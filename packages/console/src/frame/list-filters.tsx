import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useSpeech } from '../language.tsx'
import { isBackwards, type Period } from './list-filter.ts'

/** One value that a list can be cut down to. */
export interface Choice {
  value: string
  label: string
}

/** Cuts a list down to one of several values; the chosen one can be seen also where it is there no more. */
export function ChoiceFilter({
  label,
  all,
  choices,
  value,
  onChange,
}: {
  label: string
  /** Says that nothing is cut. */
  all: string
  choices: readonly Choice[]
  value: string
  onChange(value: string): void
}) {
  const known = [{ value: '', label: all }, ...choices]
  const data = known.some(each => each.value === value) ? known : [...known, { value, label: value }]
  return (
    <NativeSelect
      label={label}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
      data={data}
    />
  )
}

/** Cuts a list down to a period. */
export function PeriodFilter({
  period,
  onChange,
}: {
  period: Period
  onChange(changes: Partial<Period>): void
}) {
  const label = useSpeech().texts.listFilters
  return (
    <>
      <TextInput
        label={label.from}
        type="datetime-local"
        value={period.from}
        onChange={event => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        label={label.to}
        type="datetime-local"
        value={period.to}
        onChange={event => onChange({ to: event.currentTarget.value })}
        error={isBackwards(period) && label.backwards}
      />
    </>
  )
}

/** Shows the whole list again. */
export function ClearFilters({ onClear }: { onClear(): void }) {
  const label = useSpeech().texts.listFilters
  return (
    <Button variant="subtle" size="compact-sm" w="fit-content" onClick={onClear}>
      {label.clear}
    </Button>
  )
}
