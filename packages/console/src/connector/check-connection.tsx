import { type CatalogEntry, type CheckItem, consoleRoutes } from '@countersign/api'
import { Badge, Button, Code, Group, List, Stack, Text } from '@mantine/core'
import { IconStethoscope } from '@tabler/icons-react'
import type { Issue } from '../api-error.ts'
import { Outcome } from '../frame/outcome.tsx'
import { Problem } from '../frame/problem.tsx'
import { RemedyLinks } from '../frame/remedy-links.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { configurationIssues } from './configuration-issues.ts'
import type { Configuration } from './draft.ts'
import { IssueList } from './issue-list.tsx'
import type { MemberWords } from './member-words.ts'

const COLORS = {
  approved: 'green',
  in_review: 'yellow',
  rejected: 'red',
  missing: 'red',
  unknown: 'gray',
} as const satisfies Record<CheckItem['state'], string>

/** Asks the provider about the configuration as it stands in the form, without sending anything. */
export function CheckConnection(props: {
  entry: CatalogEntry
  /** What stands in the form. */
  config: Configuration
  /** The configuration to ask about; undefined when it cannot be used, after the operator was told. */
  ready: () => Record<string, unknown> | undefined
  issues: readonly Issue[]
  words: MemberWords
  onIssues: (issues: readonly Issue[]) => void
}) {
  const { texts } = useSpeech()
  const check = useChange(consoleRoutes.checkConnection)

  function ask() {
    const config = props.ready()
    if (!config) return
    check.mutate(
      { params: { id: props.entry.id }, body: { config } },
      { onSettled: (_, error) => props.onIssues(configurationIssues(error)) },
    )
  }

  const inConfig = configurationIssues(check.error).length > 0
  const asked = check.variables?.body.config
  return (
    <Section title={texts.check.title} text={texts.check.text}>
      <Stack>
        <Button
          variant="light"
          w="fit-content"
          leftSection={<IconStethoscope size={16} />}
          loading={check.isPending}
          onClick={ask}
        >
          {texts.check.ask}
        </Button>
        {inConfig ? (
          <IssueList title={texts.check.invalid} sentences={props.issues.map(props.words.elsewhere)} />
        ) : (
          check.error && (
            <Outcome of={asked} now={props.config}>
              <Problem error={check.error} />
            </Outcome>
          )
        )}
        {check.data && (
          <Outcome of={asked} now={props.config}>
            <List
              listStyleType="none"
              spacing="xs"
              role="list"
              aria-label={texts.check.title}
              aria-live="polite"
            >
              {check.data.map(item => (
                <Item key={item.subject} item={item} />
              ))}
            </List>
          </Outcome>
        )}
      </Stack>
    </Section>
  )
}

function Item({ item: { subject, state, reason, remedy, links } }: { item: CheckItem }) {
  const { texts, pickAll } = useSpeech()
  const [kind = '', name] = subject.split(/:(.*)/s)
  const label = Object.hasOwn(texts.check.subjects, kind)
    ? texts.check.subjects[kind as keyof typeof texts.check.subjects]
    : kind
  return (
    <List.Item>
      <Group gap="xs">
        <Badge color={COLORS[state]} variant="light">
          {texts.check.states[state]}
        </Badge>
        <Text size="sm" fw={500}>
          {label} {name && <Code>{name}</Code>}
        </Text>
      </Group>
      {(reason || remedy) && (
        <Text size="sm" c="dimmed" mt={4} className="breakable">
          {pickAll(reason, remedy)} <RemedyLinks links={links} />
        </Text>
      )}
    </List.Item>
  )
}
