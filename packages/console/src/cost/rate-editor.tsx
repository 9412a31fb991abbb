import { costRoutes, type Rate } from '@countersign/api'
import { Button, Group, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { Dialog } from '../frame/dialog.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { dayOf } from './filter.ts'
import { useNameOfTo } from './name-of-to.ts'
import { fromRateForm, rateMistakes, toRateForm, withRate } from './rate.ts'

/** Writes one price of a connection; the others stay. */
export function RateEditor(props: {
  connectionId: string
  rates: readonly Rate[]
  /** The one to change; without it, a new one. */
  rate?: Rate
  onClose(): void
}) {
  const { texts } = useSpeech()
  const label = texts.costs
  const { connectionId, rates, rate, onClose } = props
  const [form, setForm] = useState(() => toRateForm(dayOf(Date.now()), rate))
  const replace = useChange(costRoutes.replacePrices, [costRoutes.getPrices])
  const wrong = rateMistakes(form)
  const errors = useFormErrors({
    labels: { to: label.destination, price: label.price, currency: label.currency, asOf: label.asOf },
    mistakes: {
      to: wrong.to ? label.destinationWrong : undefined,
      price: wrong.price ? label.priceWrong : undefined,
      currency: wrong.currency ? label.currencyWrong : undefined,
      asOf: wrong.asOf ? label.asOfWrong : undefined,
    },
    error: replace.error,
    values: { to: form.to, price: form.price, currency: form.currency, asOf: form.asOf },
  })
  const nameOf = useNameOfTo()
  const change = (changes: Partial<typeof form>) => setForm(before => ({ ...before, ...changes }))

  function save() {
    replace.mutate(
      { params: { id: connectionId }, body: { rates: withRate(rates, fromRateForm(form), rate) } },
      {
        onSuccess: () => {
          notifications.show({ color: 'green', message: label.savedPrices })
          onClose()
        },
      },
    )
  }

  return (
    <Dialog opened onClose={onClose} title={rate ? label.changeNamed(nameOf(rate.to)) : label.add}>
      <Form of={errors} onSubmit={save}>
        <Stack>
          <TextInput
            {...errors.field('to')}
            description={label.destinationHint}
            value={form.to}
            onChange={event => change({ to: event.currentTarget.value.trim().toUpperCase() })}
            maxLength={10}
            autoComplete="off"
            required
            data-autofocus
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              {...errors.field('price')}
              placeholder={label.unknown}
              inputMode="decimal"
              value={form.price}
              onChange={event => change({ price: event.currentTarget.value.trim() })}
              maxLength={13}
              autoComplete="off"
            />
            <TextInput
              {...errors.field('currency')}
              value={form.currency}
              onChange={event => change({ currency: event.currentTarget.value.trim().toUpperCase() })}
              maxLength={3}
              autoComplete="off"
              required
            />
            <NativeSelect
              label={label.unit}
              value={form.unit}
              onChange={event => change({ unit: event.currentTarget.value as Rate['unit'] })}
              data={(['segment', 'message'] as const).map(value => ({ value, label: label.units[value] }))}
            />
            <NativeSelect
              label={label.charged}
              value={form.charged}
              onChange={event => change({ charged: event.currentTarget.value as Rate['charged'] })}
              data={(['submission', 'receipt'] as const).map(value => ({
                value,
                label: label.chargedWhen[value],
              }))}
            />
            <TextInput
              {...errors.field('asOf')}
              value={form.asOf}
              onChange={event => change({ asOf: event.currentTarget.value.trim() })}
              maxLength={10}
              autoComplete="off"
              required
            />
            <TextInput
              label={label.source}
              value={form.source}
              onChange={event => change({ source: event.currentTarget.value })}
              maxLength={300}
            />
          </SimpleGrid>
          <Group justify="flex-end">
            <Button type="submit" loading={replace.isPending}>
              {texts.common.save}
            </Button>
          </Group>
        </Stack>
      </Form>
    </Dialog>
  )
}
