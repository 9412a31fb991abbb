import { type Application, applicationRoutes, IdTokenAlgorithm } from '@countersign/api'
import { NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { type Issue, issuesOf } from '../api-error.ts'
import { sameJson } from '../connector/draft.ts'
import { Problem } from '../frame/problem.tsx'
import { Section } from '../frame/section.tsx'
import { SaveRow, UnsavedQuestion, useUnsavedGuard } from '../frame/unsaved.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { lineOfEntry, toLines } from './lines.ts'

const listOf = (application: Application) => ({
  name: application.name,
  idTokens: application.oidcClientMetadata.idTokenSignedResponseAlg ?? ('' as const),
  redirectUris: application.oidcClientMetadata.redirectUris,
  postLogoutRedirectUris: application.oidcClientMetadata.postLogoutRedirectUris,
  corsAllowedOrigins: application.customClientMetadata.corsAllowedOrigins ?? [],
})

/** Name and addresses of an application, and what its ID tokens are signed with. */
export function AddressForm({ application }: { application: Application }) {
  const { texts } = useSpeech()
  const before = listOf(application)
  const [name, setName] = useState(before.name)
  const [idTokens, setIdTokens] = useState<IdTokenAlgorithm | ''>(before.idTokens)
  const [lists, setLists] = useState({
    redirectUris: before.redirectUris.join('\n'),
    postLogoutRedirectUris: before.postLogoutRedirectUris.join('\n'),
    corsAllowedOrigins: before.corsAllowedOrigins.join('\n'),
  })
  const update = useChange(applicationRoutes.updateApplication, [
    applicationRoutes.getApplication,
    applicationRoutes.listApplications,
  ])
  const after = {
    name: name.trim(),
    idTokens,
    redirectUris: toLines(lists.redirectUris),
    postLogoutRedirectUris: toLines(lists.postLogoutRedirectUris),
    corsAllowedOrigins: toLines(lists.corsAllowedOrigins),
  }
  const dirty = !sameJson(before, after)
  const guard = useUnsavedGuard(dirty)
  const issues = issuesOf(update.error)
  const at = (key: keyof typeof lists) => issues.find(issue => issue.path.includes(key))

  function save(event: FormEvent) {
    event.preventDefault()
    const { redirectUris, postLogoutRedirectUris, corsAllowedOrigins } = after
    const { idTokenSignedResponseAlg: _, ...others } = application.oidcClientMetadata
    update.mutate(
      {
        params: { id: application.id },
        body: {
          name: after.name,
          oidcClientMetadata: {
            ...others,
            redirectUris,
            postLogoutRedirectUris,
            ...(idTokens && { idTokenSignedResponseAlg: idTokens }),
          },
          customClientMetadata: { ...application.customClientMetadata, corsAllowedOrigins },
        },
      },
      { onSuccess: () => notifications.show({ color: 'green', message: texts.application.saved }) },
    )
  }

  const message = (key: keyof typeof lists, issue: Issue | undefined) => {
    const index = issue?.path.at(-1)
    if (!issue || typeof index !== 'number') return issue?.message
    return texts.application.line(lineOfEntry(lists[key], index), issue.message)
  }
  const area = (key: keyof typeof lists) => ({
    value: lists[key],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setLists(old => ({ ...old, [key]: value }))
    },
    error: message(key, at(key)),
    autosize: true,
    minRows: 2,
    spellCheck: false,
  })

  return (
    <Section title={texts.application.settings}>
      <form onSubmit={save}>
        <Stack>
          <TextInput
            label={texts.applications.name}
            value={name}
            onChange={event => setName(event.currentTarget.value)}
            maxLength={256}
            required
          />
          {application.type !== 'MachineToMachine' && (
            <>
              <Textarea
                label={texts.application.redirectUris}
                description={texts.application.redirectHint}
                placeholder="https://example.com/callback"
                {...area('redirectUris')}
              />
              <Textarea
                label={texts.application.postLogoutUris}
                description={texts.application.postLogoutHint}
                placeholder="https://example.com"
                {...area('postLogoutRedirectUris')}
              />
              <Textarea
                label={texts.application.cors}
                description={texts.application.corsHint}
                placeholder="https://example.com"
                {...area('corsAllowedOrigins')}
              />
              <NativeSelect
                label={texts.application.idTokens}
                description={texts.application.idTokensHint}
                value={idTokens}
                onChange={event => setIdTokens(event.currentTarget.value as IdTokenAlgorithm | '')}
                data={[{ value: '', label: texts.application.idTokensUsual }, ...IdTokenAlgorithm.options]}
              />
            </>
          )}
          <Problem error={update.error} />
          <SaveRow dirty={dirty} saving={update.isPending} />
        </Stack>
      </form>
      <UnsavedQuestion blocker={guard.blocker} />
    </Section>
  )
}
