import {
  applicationRoutes,
  countryNames,
  FRAUD_KINDS,
  FRAUD_MODES,
  type FraudFinding,
  type FraudMode,
  fraudRoutes,
  type RouteAnswer,
} from '@countersign/api'
import { NativeSelect, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type ReactNode, useState } from 'react'
import { percent, showMoney } from '../cost/money.ts'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Problem } from '../frame/problem.tsx'
import { Records } from '../frame/records.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'

type Guard = RouteAnswer<typeof fraudRoutes.getFraudGuard>

const LISTS = [fraudRoutes.listFraudFindings]

/** For how many days messages may be let go. */
const DAYS = [1, 7, 30, 365]
const USUAL_DAYS = 7

/** Findings that have ended are shown so far back. */
const MOST_ENDED = 10

/** What is done by each kind of finding, and whether passing a check is enough; each choice is saved at once. */
function Modes({ modes, escalates }: Pick<Guard, 'modes' | 'escalates'>) {
  const { texts } = useSpeech()
  const label = texts.fraud
  const put = useChange(fraudRoutes.putFraudGuard, [fraudRoutes.getFraudGuard, ...LISTS])
  const save = (body: Pick<Guard, 'modes' | 'escalates'>) =>
    put.mutate({ body }, { onSuccess: () => notifications.show({ color: 'green', message: label.saved }) })
  return (
    <Stack gap="xs">
      <Text size="sm">{label.modesText}</Text>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
        {FRAUD_KINDS.map(kind => (
          <NativeSelect
            key={kind}
            label={label.kinds[kind]}
            value={modes[kind]}
            disabled={put.isPending}
            data={FRAUD_MODES.map(mode => ({ value: mode, label: label.modes[mode] }))}
            onChange={event =>
              save({ modes: { ...modes, [kind]: event.currentTarget.value as FraudMode }, escalates })
            }
          />
        ))}
      </SimpleGrid>
      <Text size="sm">{label.strangers}</Text>
      <Switch
        label={label.escalates}
        description={label.escalatesText}
        checked={escalates}
        disabled={put.isPending}
        onChange={event => save({ modes, escalates: event.currentTarget.checked })}
      />
      {put.error && <Problem error={put.error} />}
    </Stack>
  )
}

/** What a finding is about, in words. */
function useSubject(): (finding: FraudFinding) => string {
  const { texts, language } = useSpeech()
  const { data: applications = [] } = useRoute(applicationRoutes.listApplications)
  const countryName = countryNames(language)
  return ({ kind, subject }) => {
    if (kind === 'network') return texts.fraud.network(subject)
    if (kind === 'prefix') return texts.fraud.prefix(subject)
    if (kind === 'country') return countryName(subject)
    return applications.find(({ id }) => id === subject)?.name ?? subject
  }
}

/** What became of the messages of a finding, and what they cost. */
function Decisions({ decisions, costs }: FraudFinding) {
  const { texts, language, list } = useSpeech()
  const label = texts.fraud
  const said = (['recorded', 'passed', 'challenged', 'heldBack', 'refused'] as const)
    .filter(name => decisions[name] > 0)
    .map(name => label[name](decisions[name]))
  const sums = costs
    .filter(({ amount }) => amount > 0)
    .map(({ amount, currency }) => showMoney(language, amount, currency))
  if (said.length === 0) return label.noMessages
  return list([...said, ...(sums.length > 0 ? [label.cost(list(sums))] : [])])
}

function Allow({ finding: { id } }: { finding: FraudFinding }) {
  const { texts } = useSpeech()
  const label = texts.fraud
  const [days, setDays] = useState(USUAL_DAYS)
  const allow = useChange(fraudRoutes.allowFraudFinding, LISTS)
  return (
    <ConfirmButton
      label={label.allow}
      title={label.allowTitle}
      text={label.allowText}
      confirm={label.allow}
      button={{ size: 'xs', c: 'var(--mantine-color-text)' }}
      onConfirm={() => allow.mutateAsync({ params: { id }, body: { days } })}
    >
      <NativeSelect
        label={label.allowFor}
        value={String(days)}
        onChange={event => setDays(Number(event.currentTarget.value))}
        data={DAYS.map(each => ({ value: String(each), label: label.days(each) }))}
      />
    </ConfirmButton>
  )
}

function TakeBack({ finding: { id } }: { finding: FraudFinding }) {
  const { texts } = useSpeech()
  const label = texts.fraud
  const disallow = useChange(fraudRoutes.disallowFraudFinding, LISTS)
  return (
    <ConfirmButton
      label={label.takeBack}
      title={label.takeBackTitle}
      text={label.takeBackText}
      confirm={label.takeBack}
      button={{ size: 'xs' }}
      onConfirm={() => disallow.mutateAsync({ params: { id } })}
    />
  )
}

/** What a cell says, and below it what that is of. */
function TwoLines({ first, second }: { first: ReactNode; second: string }) {
  return (
    <div>
      {first}
      <Text size="xs" c="dimmed">
        {second}
      </Text>
    </div>
  )
}

interface Column {
  name: string
  of(finding: FraudFinding): ReactNode
}

/** A list of findings: what they are about, how many codes are used, and what else its state makes worth knowing. */
function Findings(props: { title: string; findings: readonly FraudFinding[]; more: readonly Column[] }) {
  const { texts } = useSpeech()
  const label = texts.fraud
  const subject = useSubject()
  const columns: readonly Column[] = [
    {
      name: label.what,
      of: finding => (
        <TwoLines
          first={<span className="any-letter">{subject(finding)}</span>}
          second={`${label.channels[finding.channel]} · ${label.modes[finding.mode]}`}
        />
      ),
    },
    {
      name: label.used,
      of: ({ figures, window }) => (
        <TwoLines first={label.share(figures.used, figures.people)} second={label.now[window]} />
      ),
    },
    {
      name: label.before,
      of: ({ basis, before, expected }) =>
        label.bases[basis](percent(before.used, before.people) ?? Math.round(expected * 100)),
    },
    ...props.more,
  ]
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {props.title}
      </Title>
      <Records columns={columns.map(({ name }) => name)}>
        <tbody>
          {props.findings.map(finding => (
            <tr key={finding.id}>
              {columns.map(({ name, of }) => (
                <td key={name} data-label={name}>
                  {of(finding)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Records>
    </Stack>
  )
}

function GuardSection({
  guard: { modes, escalates, rules },
  all,
}: {
  guard: Guard
  all: readonly FraudFinding[]
}) {
  const { texts, date } = useSpeech()
  const label = texts.fraud
  const inState = (wanted: FraudFinding['state']) => all.filter(({ state }) => state === wanted)
  const [open, allowed, ended] = [inState('open'), inState('allowed'), inState('ended')]
  const decisions: Column = { name: label.decisions, of: finding => <Decisions {...finding} /> }
  const moment = (name: string, of: (finding: FraudFinding) => number | null): Column => ({
    name,
    of: finding => date(of(finding) ?? 0),
  })
  return (
    <Section title={label.title} text={label.text(rules.people, rules.ripeMinutes, rules.historyDays)}>
      <Modes modes={modes} escalates={escalates} />
      {open.length === 0 ? (
        <Text size="sm">{label.none}</Text>
      ) : (
        <Findings
          title={label.open}
          findings={open}
          more={[
            moment(label.since, ({ beganAt }) => beganAt),
            decisions,
            { name: label.allow, of: finding => <Allow finding={finding} /> },
          ]}
        />
      )}
      {allowed.length > 0 && (
        <Findings
          title={label.allowed}
          findings={allowed}
          more={[
            moment(label.until, ({ allowedUntil }) => allowedUntil),
            { name: label.takeBack, of: finding => <TakeBack finding={finding} /> },
          ]}
        />
      )}
      {ended.length > 0 && (
        <Findings
          title={label.ended}
          findings={ended.slice(0, MOST_ENDED)}
          more={[
            decisions,
            { name: label.reason, of: ({ endReason }) => endReason && label.reasons[endReason] },
          ]}
        />
      )}
    </Section>
  )
}

/** The fraud guard: what it does, what it has found, and what is allowed. */
export function FraudGuard() {
  const guard = useRoute(fraudRoutes.getFraudGuard)
  const findings = useRoute(fraudRoutes.listFraudFindings)
  return (
    <Loaded query={guard}>
      {loaded => <Loaded query={findings}>{all => <GuardSection guard={loaded} all={all} />}</Loaded>}
    </Loaded>
  )
}
