import {
  applicationRoutes,
  type CatalogEntry,
  type ConnectionSummary,
  connectionRoutes,
  EVERYWHERE,
  type Rate,
} from '@countersign/api'
import { Group, MultiSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useFormErrors } from '../form/use-form-errors.ts'
import { useSpeech } from '../language.tsx'
import { useRoute } from '../queries.ts'
import { DestinationPrices, usePriceOf } from './destination-prices.tsx'
import { useDestinations } from './destinations.ts'
import { useWindows } from './windows-field.tsx'

/** What operators say of a connection beside its settings. */
type Said = Pick<ConnectionSummary, 'name' | 'applications' | 'share'> & {
  destinations: readonly string[] | null
} & Partial<Pick<ConnectionSummary, 'feedback' | 'windows'>>

/** Over a connector of ours a new connection sends to mainland China alone, until an operator adds more. */
export const newOf = ({ package: name }: Pick<CatalogEntry, 'package'>): Said => ({
  name: null,
  destinations: name === undefined ? ['CN'] : EVERYWHERE,
  applications: null,
  share: 100,
})

/**
 * Name, destinations, applications and share of a connection while they are edited.
 *
 * @param error why the server refused them
 * @param usual how many messages the provider takes by default; null where nobody knows
 */
export function useBeside(
  channel: ConnectionSummary['channel'],
  error: unknown,
  saved: Said,
  usual: CatalogEntry['windows'] = null,
) {
  const { texts } = useSpeech()
  const label = texts.connectors
  const [name, setName] = useState(saved.name ?? '')
  const [destinations, setDestinations] = useState<string[]>([...(saved.destinations ?? [])])
  const [applications, setApplications] = useState(saved.applications ?? [])
  const [share, setShare] = useState<number | undefined>(saved.share)
  const [feedback, setFeedback] = useState(saved.feedback ?? false)
  const windows = useWindows(saved.windows ?? null, usual)
  const isSms = channel === 'sms'
  const form = useFormErrors({
    labels: {
      name: label.name,
      destinations: label.destinations,
      applications: label.applications,
      share: label.share,
      ...windows.labels,
    },
    body: { takes: connectionRoutes.updateConnection.body, sent: windows.body },
    mistakes: {
      destinations: isSms && destinations.length === 0 ? texts.form.empty(label.destinations) : undefined,
      share:
        share === undefined || share < 1 || share > 100 || !Number.isInteger(share)
          ? label.shareRange
          : undefined,
    },
    error,
    values: {
      name,
      destinations: destinations.join(),
      applications: applications.join(),
      share,
      ...windows.values,
    },
  })
  return {
    isSms,
    form,
    windows,
    values: { name, destinations, applications, share, feedback },
    set: {
      name: setName,
      destinations: setDestinations,
      applications: setApplications,
      share: setShare,
      feedback: setFeedback,
    },
    isTouched:
      name !== (saved.name ?? '') ||
      destinations.join() !== (saved.destinations ?? []).join() ||
      applications.join() !== (saved.applications ?? []).join() ||
      share !== saved.share ||
      feedback !== (saved.feedback ?? false) ||
      windows.isTouched,
    body: {
      name: name.trim() || null,
      ...(isSms && { destinations }),
      applications: applications.length === 0 ? null : applications,
      ...(share !== undefined && { share }),
      ...(feedback !== (saved.feedback ?? false) && { feedback }),
      ...windows.body,
    },
  }
}

/** The applications by name, and those that were deleted by what is left of them. */
export function useApplicationNames() {
  const { texts } = useSpeech()
  const { data: applications = [] } = useRoute(applicationRoutes.listApplications)
  const choices = applications.map(({ id, name }) => ({ value: id, label: name }))
  return {
    choices,
    nameOf: (id: string) =>
      choices.find(({ value }) => value === id)?.label ?? texts.connectors.deletedApplication(id),
  }
}

/** The fields for what `useBeside` keeps. */
export function BesideFields({ of, rates }: { of: ReturnType<typeof useBeside>; rates: readonly Rate[] }) {
  const { texts } = useSpeech()
  const label = texts.connectors
  const { choices } = useDestinations()
  const priceOf = usePriceOf(rates)
  const applications = useApplicationNames()
  const { form, isSms, values, set } = of
  const gone = values.applications.filter(id => !applications.choices.some(({ value }) => value === id))
  return (
    <Stack>
      <TextInput
        {...form.field('name')}
        description={label.nameHint}
        value={values.name}
        onChange={event => set.name(event.currentTarget.value)}
        maxLength={100}
      />
      {isSms && (
        <Stack gap={6}>
          <MultiSelect
            {...form.field('destinations')}
            description={label.destinationsHint}
            data={choices}
            value={values.destinations}
            onChange={set.destinations}
            searchable
            nothingFoundMessage={label.noDestination}
            limit={300}
            renderOption={({ option }) => (
              <Group justify="space-between" wrap="nowrap" flex={1}>
                <span>{option.label}</span>
                <Text span size="xs" c="dimmed">
                  {priceOf(option.value)}
                </Text>
              </Group>
            )}
          />
          <DestinationPrices places={values.destinations} rates={rates} />
        </Stack>
      )}
      <MultiSelect
        {...form.field('applications')}
        description={label.applicationsHint}
        placeholder={values.applications.length === 0 ? label.allApplications : ''}
        data={[
          ...applications.choices,
          ...gone.map(value => ({ value, label: label.deletedApplication(value) })),
        ]}
        value={values.applications}
        onChange={set.applications}
        searchable
        nothingFoundMessage={label.noApplication}
        limit={300}
      />
      <NumberInput
        {...form.field('share')}
        description={label.shareHint}
        value={values.share ?? ''}
        onChange={value => set.share(typeof value === 'number' ? value : undefined)}
        min={1}
        max={100}
        clampBehavior="none"
        allowDecimal={false}
        suffix=" %"
        styles={{ wrapper: { maxWidth: 240 } }}
      />
    </Stack>
  )
}
