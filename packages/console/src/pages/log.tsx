import { type AuditLog, applicationRoutes, logRoutes } from '@countersign/api'
import { Anchor, Badge, Code, Text } from '@mantine/core'
import { Link, useParams } from 'react-router'
import { readEntry, sayKey } from '../audit/entry.ts'
import { Copy } from '../frame/copyable.tsx'
import { Facts, type Line } from '../frame/facts.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useRoute } from '../queries.ts'

function Detail({ entry }: { entry: AuditLog }) {
  const { texts, exact } = useSpeech()
  const { data: applications = [] } = useRoute(applicationRoutes.listApplications)
  const label = texts.logs
  const told = readEntry(entry)
  const application = applications.find(one => one.id === told.applicationId)
  const given = (name: string, value: string | undefined): Line[] =>
    value === undefined ? [] : [[name, value]]
  const link = (name: string, to: string, value: string | undefined, said = value): Line[] =>
    value === undefined
      ? []
      : [
          [
            name,
            <Anchor key={to} component={Link} to={`${to}/${value}`} inherit>
              {said}
            </Anchor>,
          ],
        ]
  const json = JSON.stringify(entry.payload, null, 2)
  return (
    <Page
      title={sayKey(entry.key, label.words)}
      back={{ to: '/logs', label: label.title }}
      actions={
        <Badge variant="light" color={told.failed ? 'red' : 'green'} size="lg" tt="none">
          {told.failed ? label.error : label.success}
        </Badge>
      }
    >
      <Section title={label.entry}>
        <Facts
          lines={[
            [label.when, exact(entry.createdAt)],
            [label.rawKey, <Code key="key">{entry.key}</Code>],
            ...link(label.user, '/users', told.userId),
            ...link(label.application, '/applications', told.applicationId, application?.name),
            ...given(label.operator, told.operatorName ?? told.operatorId),
            ...given(label.operatorConcerned, told.operatorConcerned),
            ...given(label.ip, told.ip),
            ...given(label.device, told.userAgent),
            ...given(label.interaction, told.interactionId),
            [label.id, entry.id],
          ]}
        />
        {told.error && (
          <div>
            <Text size="sm" c="dimmed">
              {label.reason}
            </Text>
            <Text className="breakable">
              {told.error.message} {told.error.code !== undefined && <Code>{told.error.code}</Code>}
            </Text>
          </div>
        )}
      </Section>
      <Section title={label.raw} actions={<Copy value={json} label={label.raw} />}>
        <pre className="raw raw-whole">{json}</pre>
      </Section>
    </Page>
  )
}

/** /logs/:id: one entry of the audit log. */
export function LogPage() {
  const { id = '' } = useParams()
  const query = useRoute(logRoutes.getLog, { params: { id } })
  return <Loaded query={query}>{entry => <Detail key={entry.id} entry={entry} />}</Loaded>
}
