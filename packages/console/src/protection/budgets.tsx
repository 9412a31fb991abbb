import { type Budget, budgetRoutes } from '@countersign/api'
import { Alert, Anchor, Badge, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconPlus } from '@tabler/icons-react'
import { Link } from 'react-router'
import { showMoney } from '../cost/money.ts'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useRoute } from '../queries.ts'
import { BudgetEditor, useSubjects } from './budget-editor.tsx'
import { barOf, keptOf } from './budget-form.ts'

/** What a budget is for, how long, and when its period ends. */
function useDescription({ channel, scope, subject, period, timeZone, current }: Budget): string {
  const { texts, language } = useSpeech()
  const label = texts.budgets
  const subjects = useSubjects()
  const name = subjects[scope].find(({ value }) => value === subject)?.label ?? subject ?? ''
  const end = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone })
  const what = scope === 'all' ? label.channels[channel] : label.of(label.channels[channel], name)
  return [what, label.periods[period], label.ends(end.format(current.end), timeZone)].join(' · ')
}

function State({ budget }: { budget: Budget }) {
  const { soft, hard, atHard, current } = budget
  const { texts } = useSpeech()
  const label = texts.budgets
  if (hard !== null && current.used >= hard)
    return (
      <Badge color="red" variant="light" tt="none">
        {atHard === 'email' ? label.isMoved : label.isSpent}
      </Badge>
    )
  if (hard !== null && current.used >= hard - keptOf(budget))
    return (
      <Badge color="orange" variant="light" tt="none">
        {label.isKept}
      </Badge>
    )
  if (soft === null || current.used < soft) return null
  return (
    <Badge color="yellow" variant="light" tt="none">
      {label.isSoft}
    </Badge>
  )
}

/** How much is used: a bar, and the same in words. */
function Use({ budget }: { budget: Budget }) {
  const { texts, language, pickAll, date } = useSpeech()
  const label = texts.budgets
  const { soft, hard, currency, current } = budget
  const kept = keptOf(budget)
  const money = (amount: number) => showMoney(language, amount, currency)
  const { final, estimated, isSoft } = barOf(budget)
  const color = hard !== null && current.used >= hard ? 'red' : isSoft ? 'yellow' : 'blue'
  const words = pickAll(
    hard === null ? label.usedOnly(money(current.used)) : label.used(money(current.used), money(hard)),
    current.estimated > 0 && label.estimated(money(current.estimated)),
    soft !== null && label.softFrom(money(soft)),
    kept > 0 && label.kept(money(kept)),
    current.hardAt !== null && label.stoppedAt(date(current.hardAt)),
  )
  return (
    <Stack gap={4}>
      <Progress.Root size="lg" aria-hidden>
        <Progress.Section value={final} color={color} />
        <Progress.Section value={estimated} color={color} striped opacity={0.6} />
      </Progress.Root>
      <Text size="sm">{words}</Text>
    </Stack>
  )
}

/** Says how many messages there were whose price nobody knows, and what that means for the budget. */
function Unpriced({ budget: { assumedPrice, currency, current } }: { budget: Budget }) {
  const { texts, language } = useSpeech()
  const label = texts.budgets
  if (current.unpriced === 0) return null
  if (assumedPrice !== null)
    return (
      <Text size="sm" c="dimmed">
        {label.assumed(current.unpriced, showMoney(language, assumedPrice, currency))}
      </Text>
    )
  return (
    <Alert color="yellow" icon={<IconAlertTriangle />} p="xs">
      <Text size="sm">
        {label.unpriced(current.unpriced)}{' '}
        <Anchor component={Link} to="/costs" inherit>
          {label.toPrices}
        </Anchor>
      </Text>
    </Alert>
  )
}

function BudgetRow({ budget }: { budget: Budget }) {
  const { texts } = useSpeech()
  const label = texts.budgets
  const [opened, { open, close }] = useDisclosure()
  const remove = useChange(budgetRoutes.deleteBudget, [budgetRoutes.listBudgets])
  return (
    <Stack gap="xs" component="li" style={{ listStyle: 'none' }}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text fw={600} className="any-letter">
            {budget.name}
          </Text>
          <State budget={budget} />
        </Group>
        <Group gap="xs">
          <Button variant="default" size="xs" onClick={open} aria-label={label.changeNamed(budget.name)}>
            {label.change}
          </Button>
          <ConfirmButton
            label={texts.common.delete}
            title={label.deleteTitle(budget.name)}
            text={label.deleteText}
            button={{ size: 'xs' }}
            onConfirm={async () => {
              await remove.mutateAsync({ params: { id: budget.id } })
              notifications.show({ color: 'green', message: label.deleted })
            }}
          />
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {useDescription(budget)}
      </Text>
      <Use budget={budget} />
      <Unpriced budget={budget} />
      {opened && <BudgetEditor budget={budget} onClose={close} />}
    </Stack>
  )
}

/** What may be spent on messages, and how much of it is used in the periods that run. */
export function Budgets() {
  const { texts } = useSpeech()
  const label = texts.budgets
  const query = useRoute(budgetRoutes.listBudgets)
  const [opened, { open, close }] = useDisclosure()
  return (
    <Section
      title={label.title}
      text={label.intro}
      actions={
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={open}>
          {label.add}
        </Button>
      }
    >
      <Loaded query={query}>
        {budgets =>
          budgets.length === 0 ? (
            <Text size="sm">{label.empty}</Text>
          ) : (
            <Stack gap="lg" component="ul" p={0} m={0}>
              {budgets.map(budget => (
                <BudgetRow key={budget.id} budget={budget} />
              ))}
            </Stack>
          )
        }
      </Loaded>
      {opened && <BudgetEditor onClose={close} />}
    </Section>
  )
}
