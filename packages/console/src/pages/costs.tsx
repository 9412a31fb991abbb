import {
  applicationRoutes,
  type CostSums,
  type CostsBy,
  connectionRoutes,
  consoleRoutes,
  costRoutes,
  countryNames,
  MOST_DAYS,
} from '@countersign/api'
import { NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { addressOf } from '../client.ts'
import { choicesOf } from '../connector/saved.ts'
import { FigureCharts, FigureTable, type NameOf } from '../cost/figures.tsx'
import { type CostFilter, daysProblem, readCostFilter, toCostQuery } from '../cost/filter.ts'
import { PriceSection } from '../cost/prices.tsx'
import { Totals } from '../cost/totals.tsx'
import { countryChoices } from '../experience/country-choices.ts'
import { type Choice, ChoiceFilter } from '../frame/list-filters.tsx'
import { Empty, Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { SaveCsv } from '../frame/save-csv.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useRoute } from '../queries.ts'

const BY: readonly CostsBy[] = ['day', 'country', 'connection', 'application']

/** Days, what they are broken down by, and what is left of it. */
function CostFilters(props: {
  filter: CostFilter
  connections: readonly Choice[]
  applications: readonly Choice[]
  onChange(changes: Partial<CostFilter>): void
}) {
  const { texts, language } = useSpeech()
  const label = texts.costs
  const { filter, connections, applications, onChange } = props
  const problem = daysProblem(filter)
  const day = (name: 'from' | 'to', error: string | false) => (
    <TextInput
      type="date"
      label={label[name]}
      value={filter[name]}
      onChange={event => onChange({ [name]: event.currentTarget.value })}
      error={error}
    />
  )
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
      {day('from', problem === 'long' && label.tooLong(MOST_DAYS))}
      {day('to', problem === 'backwards' && label.backwards)}
      <NativeSelect
        label={label.byLabel}
        value={filter.by}
        onChange={event => onChange({ by: event.currentTarget.value as CostsBy })}
        data={BY.map(value => ({ value, label: label.by[value] }))}
      />
      <ChoiceFilter
        label={texts.deliveries.country}
        all={texts.deliveries.anyCountry}
        choices={countryChoices(language)}
        value={filter.country}
        onChange={country => onChange({ country })}
      />
      <ChoiceFilter
        label={label.connection}
        all={label.anyConnection}
        choices={connections}
        value={filter.connection}
        onChange={connection => onChange({ connection })}
      />
      <ChoiceFilter
        label={texts.deliveries.application}
        all={texts.deliveries.anyApplication}
        choices={applications}
        value={filter.application}
        onChange={application => onChange({ application })}
      />
    </SimpleGrid>
  )
}

/** What groups are called: days as they are read, countries, connections and applications by their names. */
function useNames(by: CostsBy, connections: readonly Choice[], applications: readonly Choice[]): NameOf {
  const { texts, language } = useSpeech()
  const countryName = countryNames(language)
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })
  const nameIn = (list: readonly Choice[], id: string) => list.find(({ value }) => value === id)?.label ?? id
  return key => {
    if (key === null) return by === 'day' ? '' : texts.costs.none[by]
    if (by === 'day') return days.format(Date.parse(key))
    if (by === 'country') return countryName(key)
    return nameIn(by === 'connection' ? connections : applications, key)
  }
}

function Sums({ sums, nameOf }: { sums: CostSums; nameOf: NameOf }) {
  const { texts, pickAll } = useSpeech()
  const label = texts.costs
  if (sums.total.sent === 0) return <Empty title={label.empty} text={label.emptyText} />
  return (
    <Stack gap="lg">
      <Totals total={sums.total} />
      <Section title={label.figures} text={pickAll(label.zone(sums.timeZone), label.estimateHint)}>
        <FigureCharts sums={sums} nameOf={nameOf} />
      </Section>
      <FigureTable sums={sums} nameOf={nameOf} />
      {sums.isCut && <Text size="sm">{label.cut}</Text>}
    </Stack>
  )
}

/** /costs: what messages came to and cost, and what they cost over each connection. */
export function CostsPage() {
  const { texts, pick } = useSpeech()
  const label = texts.costs
  const [search, setSearch] = useSearchParams()
  const filter = readCostFilter(search, Date.now())
  const { data: catalog = [] } = useRoute(consoleRoutes.listCatalog)
  const { data: saved = [] } = useRoute(connectionRoutes.listConnections)
  const { data: applications = [] } = useRoute(applicationRoutes.listApplications)
  const asked = { query: toCostQuery(filter) }
  const query = useRoute(costRoutes.sumCosts, asked)
  const connections = choicesOf(saved, catalog, pick)
  const known = applications.map(({ id, name }) => ({ value: id, label: name }))
  const nameOf = useNames(filter.by, connections, known)

  function change(changes: Partial<CostFilter & { prices: string }>) {
    const wanted = new URLSearchParams(location.search)
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') wanted.delete(name)
      else wanted.set(name, value)
    }
    setSearch(wanted, { replace: true })
  }

  return (
    <Page
      title={label.title}
      intro={label.intro}
      actions={<SaveCsv href={addressOf(costRoutes.exportCosts, asked)} />}
    >
      <CostFilters filter={filter} connections={connections} applications={known} onChange={change} />
      <Loaded query={query}>
        {sums => (
          <>
            <Sums sums={sums} nameOf={nameOf} />
            <Text size="sm" c="dimmed">
              {label.kept(sums.keptDays)}
            </Text>
          </>
        )}
      </Loaded>
      <PriceSection
        connections={saved}
        titleOf={id => connections.find(({ value }) => value === id)?.label ?? id}
        shown={search.get('prices') ?? ''}
        onShow={prices => change({ prices })}
      />
    </Page>
  )
}
