import {
  type CatalogEntry,
  type ConnectionSummary,
  type ConsoleState,
  connectionRoutes,
} from '@countersign/api'
import { Alert, Button, Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertCircle, IconInfoCircle, IconTrash, IconWand } from '@tabler/icons-react'
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
import { PlaceSection, usePlace } from './place.tsx'
import { ReceiptsOfConnection } from './receipts.tsx'
import { SaveBar } from './save-bar.tsx'
import { SendTest } from './send-test.tsx'
import { useReports, useSaid } from './use-said.ts'
import { useSaving } from './use-saving.ts'

const JsonEditor = lazy(() => import('./json-editor.tsx'))

interface ConnectorEditorProps {
  entry: CatalogEntry
  /** The connection to change; without one a new one is made. */
  connection?: ConnectionSummary | undefined
  /** A new one is added to those that are on, and takes nobody's place. */
  beside?: boolean
  /** Messages of its channel go over no other connection. */
  alone: boolean
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

/** Deletes the connection, and says before what comes of it. */
function Delete(props: {
  connection: ConnectionSummary
  name: string
  alone: boolean
  onDeleted(message: string): void
}) {
  const { texts } = useSpeech()
  const { connection, name, alone } = props
  const remove = useChange(connectionRoutes.deleteConnection, STALE)
  const { deleteKeptText, deleteText, deleteBesideText } = texts.connector
  return (
    <ConfirmButton
      label={texts.common.delete}
      icon={<IconTrash size={16} />}
      title={texts.connector.deleteTitle(name)}
      text={connection.enabled ? (alone ? deleteText : deleteBesideText) : deleteKeptText}
      button={{ w: 'fit-content' }}
      onConfirm={async () => {
        await remove.mutateAsync({ params: { id: connection.id } })
        props.onDeleted(texts.connector.deleted(name))
      }}
    />
  )
}

/** Edits a connector's configuration, tests it, saves it. */
export function ConnectorEditor(props: ConnectorEditorProps) {
  const { entry, connection, start, other, state, beside = false } = props
  const { texts, pick } = useSpeech()
  const navigate = useNavigate()
  const name = pick(entry.name)
  const [original] = useState(start.config)
  const [draft, dispatch] = useReducer(reduceDraft, start)
  const [refused, setRefused] = useState(false)
  const { face, turn } = useFace()
  const saving = useSaving(entry, connection)
  const off = connection?.enabled === false
  const place = usePlace(entry, saving.addError)
  const dirty = draft.problem !== undefined || !sameJson(draft.config, original) || place.isTouched
  const guard = useUnsavedGuard(dirty)
  const said = useSaid(entry, draft, Boolean(connection))
  const { reported, form, count } = useReports()
  const named = configurationIssues(saving.error).length > 0
  const unfinished = named && !draft.problem && draft.issues.length > 0
  const broken =
    draft.problem &&
    (draft.problem.kind === 'not-an-object'
      ? texts.connector.notAnObject
      : texts.connector.fixJsonText(draft.problem.line, draft.problem.column))
  const unplaced = beside && place.form.isMarked
  const refusal = unfinished || unplaced ? texts.connector.unfinished : refused && broken

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
    if (beside && !place.check()) return
    try {
      leave(await saving.save(config, { place: beside ? place.body : undefined, use: use !== undefined }))
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
          <Problem error={named || unplaced ? null : saving.error} reveal />
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
        {beside && <PlaceSection of={place} onSubmit={() => void save()} />}
        {!beside && !connection && entry.channel === 'sms' && !entry.package && (
          <Alert color="blue" icon={<IconInfoCircle />}>
            {texts.connectors.onlyMainland}
          </Alert>
        )}
        {!entry.package && <CheckConnection {...trial} />}
        <SendTest {...trial} state={state} />
        {connection && <ReceiptsOfConnection id={connection.id} clouds={state.clouds} />}
        {connection && <Delete {...{ connection, name, alone: props.alone }} onDeleted={leave} />}
        <SaveBar
          label={
            beside ? texts.connector.addAndDone : off ? texts.connector.saveAndUse : texts.connector.save
          }
          off={off}
          other={connection?.enabled || beside ? undefined : other}
          refusal={refusal || undefined}
          dirty={dirty}
          saving={saving.isPending}
          onSave={use => void save(use)}
        />
        <UnsavedQuestion blocker={guard.blocker} />
      </Stack>
    </FindingsContext>
  )
}
