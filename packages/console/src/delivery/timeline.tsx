import type { AttemptEntry, MessageEntry } from '@countersign/api'
import { Anchor, Code, Group, Stack, Text, Timeline } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { RawAnswer } from '../frame/raw-answer.tsx'
import { RemedyLinks } from '../frame/remedy-links.tsx'
import { useSpeech } from '../language.tsx'
import { AttemptCost } from './cost.tsx'
import { ReceiptStory, ReceiptTitle } from './receipts.tsx'
import { State } from './state.tsx'

/** The names of what a message speaks of by id. */
export interface Names {
  connector(id: string): string
  /** What operators call a saved connection, if they call it anything. */
  connection(id: string): string | undefined
  application(id: string): string
}

/** What an attempt came to. */
function Story({ attempt }: { attempt: AttemptEntry }) {
  const { texts, pick } = useSpeech()
  return (
    <Stack gap={4}>
      {attempt.failure !== null && (
        <Text size="sm">
          {texts.test.failure}: <Code>{attempt.failure}</Code>
          {attempt.providerCode !== null && (
            <>
              {' · '}
              {texts.test.code}: <Code>{attempt.providerCode}</Code>
            </>
          )}
        </Text>
      )}
      {attempt.meaning && <Text size="sm">{pick(attempt.meaning)}</Text>}
      {attempt.remedy && (
        <Text size="sm">
          {texts.test.remedy}: {pick(attempt.remedy)} <RemedyLinks links={attempt.links} />
        </Text>
      )}
      {attempt.code === 'second' && <Text size="sm">{texts.deliveries.secondCode}</Text>}
      {attempt.reason && <Text size="sm">{texts.deliveries.reasons[attempt.reason]}</Text>}
      {attempt.state === 'unconfirmed' && <Text size="sm">{texts.test.maybeSent}</Text>}
      <AttemptCost attempt={attempt} />
      {Object.entries(attempt.ids).map(([name, id]) => (
        <Text key={name} size="sm">
          {name}: <Code>{id}</Code>
        </Text>
      ))}
      {attempt.answer && <RawAnswer answer={attempt.answer} />}
    </Stack>
  )
}

/** Who asked for a message, with links to where they are looked after. */
function Asker({ message, names }: { message: MessageEntry; names: Names }) {
  const { texts } = useSpeech()
  const label = texts.deliveries
  const { askedBy, applicationId, userId } = message
  return (
    <Text size="sm">
      {askedBy === null ? label.unknownAsker : label.askers[askedBy]}
      {applicationId !== null && (
        <>
          {' · '}
          <Anchor component={Link} to={`/applications/${applicationId}`} inherit className="any-letter">
            {names.application(applicationId)}
          </Anchor>
        </>
      )}
      {userId !== null && (
        <>
          {' · '}
          {label.user}{' '}
          <Anchor component={Link} to={`/users/${userId}`} inherit className="any-letter">
            {userId}
          </Anchor>
        </>
      )}
    </Text>
  )
}

/** Over what an attempt went: the connector, and the connection's own name where it has one. */
function over({ connector, connectionId }: AttemptEntry, names: Names): string {
  const own = connectionId === null ? undefined : names.connection(connectionId)
  return own === undefined ? names.connector(connector) : `${names.connector(connector)} (${own})`
}

/** One thing that happened, with its moment. */
function Happening({ title, at, more }: { title: ReactNode; at: number; more?: string }) {
  const { exact } = useSpeech()
  return (
    <>
      <Group gap="xs" fz="sm" fw={500}>
        {title}
      </Group>
      <Text size="xs" c="dimmed">
        {exact(at)}
        {more !== undefined && ` · ${more}`}
      </Text>
    </>
  )
}

/** What became of a message, from when it was asked for to when its code was used. */
export function MessageTimeline({ message, names }: { message: MessageEntry; names: Names }) {
  const { texts } = useSpeech()
  const label = texts.deliveries
  const { attempts, budget, createdAt, fraud, lastAt, reason, state, times, usedCode, verifiedAt } = message
  return (
    <Timeline
      component="ol"
      m={0}
      p={0}
      pl={8}
      style={{ listStyle: 'none' }}
      bulletSize={12}
      lineWidth={2}
      // All of it has happened.
      active={Number.MAX_SAFE_INTEGER}
      className="breakable"
    >
      <Timeline.Item component="li">
        <Happening title={label.asked} at={createdAt} />
        <Asker message={message} names={names} />
        {reason !== 'budget' && budget !== null && (
          <Text size="sm" className="any-letter">
            {label.inPlace(budget)}
          </Text>
        )}
      </Timeline.Item>
      {reason !== null && (
        <Timeline.Item component="li">
          <Happening
            title={<State state={state} />}
            at={lastAt}
            {...(times > 1 && { more: label.times(times) })}
          />
          <Text size="sm">{label.reasons[reason]}</Text>
          {reason === 'budget' && budget !== null && (
            <Text size="sm">
              <Anchor component={Link} to="/protection" inherit className="any-letter">
                {label.ofBudget(budget)}
              </Anchor>
            </Text>
          )}
        </Timeline.Item>
      )}
      {fraud && (
        <Timeline.Item component="li">
          <Group gap="xs" fz="sm" fw={500}>
            {texts.fraud.title}
          </Group>
          <Text size="sm">
            {texts.fraud.noted[fraud.mode]}{' '}
            <Anchor component={Link} to="/protection" inherit>
              {texts.fraud.look}
            </Anchor>
          </Text>
        </Timeline.Item>
      )}
      {attempts.flatMap(attempt => [
        <Timeline.Item component="li" key={attempt.id}>
          <Happening
            title={
              <>
                <span>{label.attempt(attempt.nth, over(attempt, names))}</span>
                <State state={attempt.state} />
              </>
            }
            at={attempt.createdAt}
            {...(attempt.took !== null && { more: texts.test.took(attempt.took) })}
          />
          <Story attempt={attempt} />
          {attempt.receiptReason !== null && (
            <Text size="sm">{label.receipts.none[attempt.receiptReason]}</Text>
          )}
        </Timeline.Item>,
        ...attempt.receipts.map(receipt => (
          <Timeline.Item component="li" key={receipt.id}>
            <Happening title={<ReceiptTitle receipt={receipt} />} at={receipt.at ?? receipt.receivedAt} />
            <ReceiptStory receipt={receipt} attempt={attempt} />
          </Timeline.Item>
        )),
      ])}
      {verifiedAt !== null && (
        <Timeline.Item component="li">
          <Happening title={label.used} at={verifiedAt} />
          <Text size="sm">
            {label.usedAfter(Math.max(0, Math.round((verifiedAt - createdAt) / 1000)))}
            {usedCode !== null && attempts.some(({ code }) => code === 'second') && (
              <> · {label.usedCodes[usedCode]}</>
            )}
          </Text>
        </Timeline.Item>
      )}
    </Timeline>
  )
}
