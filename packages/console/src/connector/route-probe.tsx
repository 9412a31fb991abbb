import { type CatalogEntry, connectionRoutes, countryNames, type PlannedRoute } from '@countersign/api'
import { Badge, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { useApplicationNames } from './beside.tsx'
import { choicesOf } from './saved.ts'

function Plan({ plan, catalog }: { plan: PlannedRoute; catalog: readonly CatalogEntry[] }) {
  const { texts, pick, language } = useSpeech()
  const label = texts.connectors
  const country = plan.country && countryNames(language)(plan.country)
  const titles = choicesOf(plan.connections, catalog, pick)
  const titleOf = (id: string) => titles.find(({ value }) => value === id)?.label
  const shares = plan.cases.length > 1 ? plan.cases : []
  const verdicts = plan.connections.map(({ verdict }) => verdict)
  let turn = 0
  return (
    <Stack gap="xs" role="status">
      <Text size="sm" fw={500}>
        {label.planFor(`+${plan.phone}`, country ?? label.unknownCountry)}
      </Text>
      {!verdicts.includes('candidate') && (
        <Text size="sm">
          {verdicts.includes('resting') || verdicts.includes('due') ? label.allRest : label.noCandidate}
        </Text>
      )}
      <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }}>
        {plan.connections.map(({ id, verdict }) => {
          const isCandidate = verdict === 'candidate'
          if (isCandidate) turn += 1
          return (
            <Group key={id} component="li" gap="xs">
              <Badge
                variant={isCandidate ? 'filled' : 'light'}
                color={isCandidate ? 'signet' : 'gray'}
                tt="none"
              >
                {isCandidate ? turn : verdict === 'due' ? label.triedFirst : label.leftOut}
              </Badge>
              <Text size="sm" fw={500}>
                {titleOf(id)}
              </Text>
              {!isCandidate && <Text size="sm">{label.verdicts[verdict]}</Text>}
            </Group>
          )
        })}
      </Stack>
      {shares.map(({ percent, connectionIds }) => (
        <Text key={percent} size="sm">
          {label.casePercent(percent)}: {connectionIds.map(titleOf).join(' → ')}
        </Text>
      ))}
    </Stack>
  )
}

/** What would happen to a text message to a number, without sending one. */
export function RouteProbe({ catalog }: { catalog: readonly CatalogEntry[] }) {
  const { texts } = useSpeech()
  const label = texts.connectors
  const [phone, setPhone] = useState('')
  const [applicationId, setApplicationId] = useState('')
  const { choices } = useApplicationNames()
  const plan = useChange(connectionRoutes.planRoute)
  const form = useFormErrors({
    labels: { phone: texts.test.phone },
    mistakes: { phone: phone.trim() === '' ? texts.form.empty(texts.test.phone) : undefined },
    error: plan.error,
    values: { phone },
  })
  return (
    <Section title={label.probe} text={label.probeText}>
      <Form
        of={form}
        onSubmit={() => plan.mutate({ body: { phone, ...(applicationId && { applicationId }) } })}
      >
        <Stack maw={420}>
          <TextInput
            {...form.field('phone')}
            description={texts.test.phoneHint}
            type="tel"
            value={phone}
            onChange={event => setPhone(event.currentTarget.value)}
            maxLength={256}
          />
          <NativeSelect
            label={label.probeApplication}
            value={applicationId}
            onChange={event => setApplicationId(event.currentTarget.value)}
            data={[{ value: '', label: label.noApplicationOfProbe }, ...choices]}
          />
          <Group>
            <Button type="submit" loading={plan.isPending}>
              {label.probeNow}
            </Button>
          </Group>
        </Stack>
      </Form>
      {plan.data && <Plan plan={plan.data} catalog={catalog} />}
    </Section>
  )
}
