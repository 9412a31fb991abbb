import type { FormField } from '@countersign/api'
import { Autocomplete, type AutocompleteProps, Group, Text } from '@mantine/core'
import { useSpeech } from '../language.tsx'

/** A line of text with values on offer, each with what it is for; any other may be typed. */
export function SuggestedInput({
  suggestions,
  description,
  ...props
}: Omit<AutocompleteProps, 'data'> & { suggestions: NonNullable<FormField['suggestions']> }) {
  const { pick } = useSpeech()
  const meaningOf = (value: string | undefined) => {
    const label = suggestions.find(each => each.value === value?.trim())?.label
    return label && pick(label)
  }
  return (
    <Autocomplete
      {...props}
      description={
        <>
          {description} {meaningOf(props.value)}
        </>
      }
      data={suggestions.map(({ value }) => value)}
      // Whoever has one of them may look for another: all are on offer, whatever is typed.
      filter={({ options }) => options}
      renderOption={({ option }) => (
        <Group gap="xs" wrap="nowrap">
          <Text size="sm">{option.value}</Text>
          <Text size="sm" c="dimmed">
            {meaningOf(option.value)}
          </Text>
        </Group>
      )}
    />
  )
}
