import {
  type CatalogEntry,
  type ConnectionSummary,
  type ConsoleState,
  connectionRoutes,
  connectorRoutes,
} from '@countersign/api'
import { Alert, Button, Group, Paper, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertCircle, IconArrowsExchange, IconTrash, IconWand } from '@tabler/icons-react'
import { type Dispatch, lazy, Suspense, useReducer, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Problem } from '../frame/problem.tsx'
import { Section } from '../frame/section.tsx'
import { UnsavedQuestion, useUnsavedGuard } from '../frame/unsaved.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { CheckConnection } from './check-connection.tsx'
import { ConfigurationForm } from './configuration-form.tsx'
import { configurationIssues } from './configuration-issues.ts'
import { type Draft, type DraftEvent, reduceDraft, sameJson } from './draft.ts'
import { FindingsContext } from './findings.tsx'
import { IssueList } from './issue-list.tsx'
import { STALE } from './kept.tsx'
import { sampleFor } from './mail-row.ts'
import { SendTest } from './send-test.tsx'
import { useReports, useSaid } from './use-said.ts'

const JsonEditor = lazy(() => import('./json-editor.tsx'))

interface ConnectorEditorProps {
  entry: CatalogEntry
  /** The connection to change; without one a new one is made. */
  connection?: ConnectionSummary
  start: Draft
  /** The connector in use, which goes off when this one is switched on. */
  other?: CatalogEntry
  state: ConsoleState
}

/** Form or JSON, which of them as the address says. */
function useFace() {
  const [search, setSearch] = useSearchParams()
  const face = search.get('view') === 'json' ? ('json' as const) : ('form' as const)
  const turn = (to: string) =>
    setSearch(
      before => {
        const after = new URLSearchParams(before)
        if (to === 'json') after.set('view', 'json')
        else after.delete('view')
        return after
      },
      { replace: true },
    )
  return { face, turn }
}

/** Fills in what the simulators accept. */
function SampleButton({ onFill }: { onFill(): void }) {
  const { texts } = useSpeech()
  return (
    <Group gap="xs">
      <Button size="xs" variant="light" leftSection={<IconWand size={16} />} onClick={onFill}>
        {texts.connector.sample}
      </Button>
      <Text size="xs" c="dimmed">
        {texts.connector.sampleHint}
      </Text>
    </Group>
  )
}

interface FaceProps {
  face: 'form' | 'json'
  entry: CatalogEntry
  draft: Draft
  said: ReturnType<typeof useSaid>
  /** How often the server has named what is wrong. */
  reported: number
  dispatch: Dispatch<DraftEvent>
}

/** The configuration itself, as a form or as JSON. */
function Face({ face, entry, draft, said, reported, dispatch }: FaceProps) {
  if (face === 'form')
    return (
      <ConfigurationForm
        entry={entry}
        config={draft.config}
        issues={said.issues}
        onEdit={(path, value) => {
          said.change(path)
          dispatch({ do: 'edit', path, value })
        }}
      />
    )
  return (
    <Suspense fallback={<Skeleton height={320} />}>
      <JsonEditor
        text={draft.text}
        problem={draft.problem}
        issues={draft.issues}
        words={said.words}
        reported={reported}
        onType={(text, problem) => {
          said.change([])
          dispatch({ do: 'type', text, problem })
        }}
      />
    </Suspense>
  )
}

interface SaveBarProps {
  /** What is edited is off, and may stay so. */
  off: boolean
  other: CatalogEntry | undefined
  /** Why it cannot be saved as it is. */
  refusal: string | undefined
  dirty: boolean
  saving: boolean
  onSave(use?: 'and use it'): void
}

/** Saves, and says what comes of it. */
function SaveBar({ off, other, refusal, dirty, saving, onSave }: SaveBarProps) {
  const { texts, pick } = useSpeech()
  return (
    <Paper withBorder shadow="sm" p="sm" className="save-bar">
      <Stack gap="sm">
        {other && (
          <Group gap="xs" wrap="nowrap" c="light-dark(#8a5a00, #f0c46c)">
            <IconArrowsExchange size={18} aria-hidden style={{ flexShrink: 0 }} />
            <Text size="sm">
              {off
                ? texts.connector.usingBeside(pick(other.name))
                : texts.connector.switchesOff(pick(other.name))}
            </Text>
          </Group>
        )}
        <Group justify="space-between" gap="xs">
          <Text size="sm" c={refusal ? 'red' : 'dimmed'} role="status" flex="1 1 12rem">
            {refusal || (dirty && texts.common.unsaved)}
          </Text>
          {off && (
            <Button variant="default" onClick={() => onSave()} loading={saving}>
              {texts.connector.saveOff}
            </Button>
          )}
          <Button onClick={() => onSave(off ? 'and use it' : undefined)} loading={saving}>
            {off ? texts.connector.saveAndUse : texts.connector.save}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}

/** Edits a connector's configuration, tests it, saves it. */
export function ConnectorEditor({ entry, connection, start, other, state }: ConnectorEditorProps) {
  const { texts, pick } = useSpeech()
  const navigate = useNavigate()
  const name = pick(entry.name)
  const [original] = useState(start.config)
  const [draft, dispatch] = useReducer(reduceDraft, start)
  const [refused, setRefused] = useState(false)
  const { face, turn } = useFace()
  const create = useChange(connectorRoutes.createConnector, STALE)
  const update = useChange(connectionRoutes.updateConnection, STALE)
  const remove = useChange(connectionRoutes.deleteConnection, STALE)
  const off = connection?.enabled === false
  const dirty = draft.problem !== undefined || !sameJson(draft.config, original)
  const guard = useUnsavedGuard(dirty)
  const said = useSaid(entry, draft, Boolean(connection))
  const { reported, form, count } = useReports()
  const saveError = create.error ?? update.error
  const named = configurationIssues(saveError).length > 0
  const unfinished = named && !draft.problem && draft.issues.length > 0
  const broken =
    draft.problem &&
    (draft.problem.kind === 'not-an-object'
      ? texts.connector.notAnObject
      : texts.connector.fixJsonText(draft.problem.line, draft.problem.column))
  const refusal = unfinished ? texts.connector.unfinished : refused && broken

  function report(issues: Draft['issues']) {
    dispatch({ do: 'report', issues })
    if (issues.length > 0) count()
  }

  /** The configuration when it can be used; says why when not. */
  function ready() {
    setRefused(draft.problem !== undefined)
    return draft.problem ? undefined : draft.config
  }

  function turnTo(to: string) {
    if (to === 'form' && !ready()) return
    if (to === 'json') dispatch({ do: 'open-json' })
    turn(to)
  }

  async function save(use?: 'and use it') {
    const config = ready()
    if (!config) return
    try {
      if (connection)
        await update.mutateAsync({
          params: { id: connection.id },
          body: { config, ...(use && { enabled: true }) },
        })
      else await create.mutateAsync({ body: { connectorId: entry.factoryId, config } })
      leave(connection && !use ? texts.connector.updated(name) : texts.connector.saved(name))
    } catch (error) {
      report(configurationIssues(error))
    }
  }

  function leave(message: string) {
    guard.release()
    notifications.show({ color: 'green', message })
    void navigate('/connectors')
  }

  const { words } = said
  const trial = { entry, config: draft.config, ready, issues: draft.issues, words, onIssues: report }
  return (
    <FindingsContext value={said.findings}>
      <Stack gap="lg">
        <Section
          title={texts.connector.settings}
          actions={
            <SegmentedControl
              aria-label={texts.connector.view}
              size="xs"
              value={face}
              onChange={turnTo}
              data={[
                { value: 'form', label: texts.connector.form },
                { value: 'json', label: texts.connector.json },
              ]}
            />
          }
        >
          {entry.sample && (
            <SampleButton onFill={() => dispatch({ do: 'fill', config: sampleFor(entry, draft.config) })} />
          )}
          <Problem error={named ? null : saveError} reveal />
          {face === 'form' && <IssueList title={texts.connector.invalid} sentences={said.elsewhere} />}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears of what is left inside. */}
          <div ref={face === 'form' ? form : undefined} onBlur={said.leave}>
            <Face {...{ face, entry, draft, dispatch, reported, said }} />
          </div>
          {draft.problem && (
            <Alert
              color={refused ? 'red' : 'yellow'}
              role={refused ? 'alert' : 'status'}
              icon={<IconAlertCircle />}
              title={texts.connector.fixJson}
            >
              {broken}
            </Alert>
          )}
        </Section>
        {!entry.package && <CheckConnection {...trial} />}
        <SendTest {...trial} state={state} />
        {connection && (
          <ConfirmButton
            label={texts.common.delete}
            icon={<IconTrash size={16} />}
            title={texts.connector.deleteTitle(name)}
            text={off ? texts.connector.deleteKeptText : texts.connector.deleteText}
            button={{ w: 'fit-content' }}
            onConfirm={async () => {
              await remove.mutateAsync({ params: { id: connection.id } })
              leave(texts.connector.deleted(name))
            }}
          />
        )}
        <SaveBar
          off={off}
          other={connection?.enabled ? undefined : other}
          refusal={refusal || undefined}
          dirty={dirty}
          saving={create.isPending || update.isPending}
          onSave={use => void save(use)}
        />
        <UnsavedQuestion blocker={guard.blocker} />
      </Stack>
    </FindingsContext>
  )
}
