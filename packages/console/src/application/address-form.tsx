import { type Application, applicationRoutes, IdTokenAlgorithm } from '@countersign/api'
import { NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { sameJson } from '../connector/draft.ts'
import { Form } from '../form/form.tsx'
import { useFormErrors } from '../form/use-form-errors.ts'
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

/** Where each field stands in what is sent. */
const MEMBERS = {
  redirectUris: 'oidcClientMetadata.redirectUris',
  postLogoutRedirectUris: 'oidcClientMetadata.postLogoutRedirectUris',
  corsAllowedOrigins: 'customClientMetadata.corsAllowedOrigins',
  idTokens: 'oidcClientMetadata.idTokenSignedResponseAlg',
} as const

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
  const { idTokenSignedResponseAlg: _, ...others } = application.oidcClientMetadata
  const body = {
    name: after.name,
    oidcClientMetadata: {
      ...others,
      redirectUris: after.redirectUris,
      postLogoutRedirectUris: after.postLogoutRedirectUris,
      ...(idTokens && { idTokenSignedResponseAlg: idTokens }),
    },
    customClientMetadata: {
      ...application.customClientMetadata,
      corsAllowedOrigins: after.corsAllowedOrigins,
    },
  }
  const lineOf = (label: string, key: keyof typeof lists) => (rest: readonly (string | number)[]) =>
    typeof rest[0] === 'number' ? texts.form.line(label, lineOfEntry(lists[key], rest[0])) : label
  const form = useFormErrors({
    labels: {
      name: texts.applications.name,
      [MEMBERS.redirectUris]: lineOf(texts.application.redirectUris, 'redirectUris'),
      [MEMBERS.postLogoutRedirectUris]: lineOf(texts.application.postLogoutUris, 'postLogoutRedirectUris'),
      [MEMBERS.corsAllowedOrigins]: lineOf(texts.application.cors, 'corsAllowedOrigins'),
      [MEMBERS.idTokens]: texts.application.idTokens,
    },
    mistakes: { name: after.name === '' ? texts.form.empty(texts.applications.name) : undefined },
    body: { takes: applicationRoutes.updateApplication.body, sent: body },
    error: update.error,
    values: {
      name,
      [MEMBERS.redirectUris]: lists.redirectUris,
      [MEMBERS.postLogoutRedirectUris]: lists.postLogoutRedirectUris,
      [MEMBERS.corsAllowedOrigins]: lists.corsAllowedOrigins,
      [MEMBERS.idTokens]: idTokens,
    },
  })

  function save() {
    update.mutate(
      { params: { id: application.id }, body },
      { onSuccess: () => notifications.show({ color: 'green', message: texts.application.saved }) },
    )
  }

  const area = (key: keyof typeof lists) => ({
    ...form.field(MEMBERS[key]),
    value: lists[key],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setLists(old => ({ ...old, [key]: value }))
    },
    autosize: true,
    minRows: 2,
    spellCheck: false,
  })

  return (
    <Section title={texts.application.settings}>
      <Form of={form} onSubmit={save}>
        <Stack>
          <TextInput
            {...form.field('name')}
            value={name}
            onChange={event => setName(event.currentTarget.value)}
            maxLength={256}
            required
          />
          {application.type !== 'MachineToMachine' && (
            <>
              <Textarea
                description={texts.application.redirectHint}
                placeholder="https://example.com/callback"
                {...area('redirectUris')}
              />
              <Textarea
                description={texts.application.postLogoutHint}
                placeholder="https://example.com"
                {...area('postLogoutRedirectUris')}
              />
              <Textarea
                description={texts.application.corsHint}
                placeholder="https://example.com"
                {...area('corsAllowedOrigins')}
              />
              <NativeSelect
                {...form.field(MEMBERS.idTokens)}
                description={texts.application.idTokensHint}
                value={idTokens}
                onChange={event => setIdTokens(event.currentTarget.value as IdTokenAlgorithm | '')}
                data={[{ value: '', label: texts.application.idTokensUsual }, ...IdTokenAlgorithm.options]}
              />
            </>
          )}
          <SaveRow dirty={dirty} marked={form.isMarked} saving={update.isPending} />
        </Stack>
      </Form>
      <UnsavedQuestion blocker={guard.blocker} />
    </Section>
  )
}
