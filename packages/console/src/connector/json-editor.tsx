import { json } from '@codemirror/lang-json'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { Alert, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { basicSetup, EditorView } from 'codemirror'
import { useEffect, useEffectEvent, useId, useRef } from 'react'
import type { Issue } from '../api-error.ts'
import { RemedyLinks } from '../frame/remedy-links.tsx'
import { useSpeech } from '../language.tsx'
import type { JsonProblem } from './draft.ts'
import { useShownFindings } from './findings.tsx'
import { IssueList } from './issue-list.tsx'
import { lineAndColumn, placeOfPath, problemOf } from './json-places.ts'
import type { MemberWords } from './member-words.ts'

/** The JSON face of a configuration; marks what is wrong where it stands. */
export default function JsonEditor(props: {
  text: string
  problem?: JsonProblem
  issues: readonly Issue[]
  /** Sentences about what is wrong and what is found, by the member that they are about. */
  words: MemberWords
  /** How often issues were reported; the first of them is gone to each time. */
  reported: number
  onType: (text: string, problem?: JsonProblem) => void
}) {
  const { texts } = useSpeech()
  const { text, problem, issues, words, reported } = props
  const listId = useId()
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<EditorView>(null)
  const startText = useEffectEvent(() => text)
  const onType = useEffectEvent(props.onType)
  const say = useEffectEvent((issue: Issue) => words.elsewhere(issue))

  useEffect(() => {
    const view = new EditorView({
      parent: host.current!,
      doc: startText(),
      extensions: [
        basicSetup,
        json(),
        lintGutter(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': texts.connector.jsonLabel, tabindex: '0' }),
        EditorView.updateListener.of(update => {
          if (!update.docChanged) return
          const typed = update.state.doc.toString()
          onType(typed, problemOf(typed))
        }),
      ],
    })
    editor.current = view
    return () => view.destroy()
  }, [texts])

  useEffect(() => {
    const view = editor.current
    if (!view) return
    // Text that came from elsewhere, e.g. the sample values; what was typed here is already in the editor.
    if (view.state.doc.toString() !== text)
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
    const marks: Diagnostic[] = problem
      ? [
          {
            from: problem.from,
            to: problem.to,
            severity: 'error',
            message: problem.kind === 'syntax' ? texts.connector.syntax : texts.connector.notAnObject,
          },
        ]
      : issues.map(issue => ({
          ...placeOfPath(text, issue.path),
          severity: 'error',
          message: say(issue),
        }))
    view.dispatch(setDiagnostics(view.state, marks))
    const isWrong = problem !== undefined || issues.length > 0
    if (isWrong) view.contentDOM.setAttribute('aria-invalid', 'true')
    else view.contentDOM.removeAttribute('aria-invalid')
    if (issues.length > 0) view.contentDOM.setAttribute('aria-describedby', listId)
    else view.contentDOM.removeAttribute('aria-describedby')
  }, [text, problem, issues, texts, listId])

  const goToFirst = useEffectEvent(() => {
    const [first] = issues
    const view = editor.current
    if (!view || !first) return
    view.dispatch({ selection: { anchor: placeOfPath(text, first.path).from }, scrollIntoView: true })
    view.focus()
  })
  useEffect(() => {
    if (reported > 0) goToFirst()
  }, [reported])

  return (
    <Stack gap="sm">
      <div className="json-editor" data-broken={problem !== undefined} ref={host} />
      {!problem && (
        <>
          <div id={listId}>
            <IssueList
              title={texts.connector.invalid}
              sentences={issues.map(issue => texts.form.at(lineOf(text, issue.path), words.elsewhere(issue)))}
            />
          </div>
          <FindingList text={text} />
        </>
      )}
    </Stack>
  )
}

const lineOf = (text: string, path: Issue['path']) => lineAndColumn(text, placeOfPath(text, path).from).line

/** What is found, with the lines it is found in. */
function FindingList({ text }: { text: string }) {
  const { texts, pickAll } = useSpeech()
  const findings = useShownFindings()
  if (findings.length === 0) return null
  return (
    <Alert color="yellow" icon={<IconAlertTriangle />} title={texts.connector.findings} className="breakable">
      {findings.map(({ path, code, message, remedy, links }) => (
        <Text key={`${path.join('.')} ${code}`} size="sm">
          {texts.form.at(lineOf(text, path), pickAll(message, remedy))} <RemedyLinks links={links} />
        </Text>
      ))}
    </Alert>
  )
}
