import { json } from '@codemirror/lang-json'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { basicSetup, EditorView } from 'codemirror'
import { useEffect, useEffectEvent, useRef } from 'react'
import type { Issue } from '../api-error.ts'
import { useSpeech } from '../language.tsx'
import type { JsonProblem } from './draft.ts'
import { placeOfPath, problemOf } from './json-places.ts'

/** The JSON face of a configuration; marks what is wrong where it stands. */
export default function JsonEditor(props: {
  text: string
  problem?: JsonProblem
  issues: readonly Issue[]
  onType: (text: string, problem?: JsonProblem) => void
}) {
  const { texts } = useSpeech()
  const { text, problem, issues } = props
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<EditorView>(null)
  const startText = useEffectEvent(() => text)
  const onType = useEffectEvent(props.onType)

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
          message: issue.message,
        }))
    view.dispatch(setDiagnostics(view.state, marks))
  }, [text, problem, issues, texts])

  return <div className="json-editor" data-broken={problem !== undefined} ref={host} />
}
