import { type Application, applicationRoutes, type ConsoleState } from '@countersign/api'
import { Anchor, Badge, Code, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { Link, useNavigate, useOutletContext, useParams } from 'react-router'
import { AddressForm } from '../application/address-form.tsx'
import { AdminAccess } from '../application/admin-access.tsx'
import { BackChannel } from '../application/back-channel.tsx'
import { Secrets } from '../application/secrets.tsx'
import { snippetFor } from '../application/snippet.ts'
import { logsAddress } from '../audit/filter.ts'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Copy, CopyableValue } from '../frame/copyable.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useFresh } from '../queries.ts'

function Snippet({ application, issuer }: { application: Application; issuer: string }) {
  const { texts } = useSpeech()
  const [redirectUri = 'http://localhost:8080/callback'] = application.oidcClientMetadata.redirectUris
  const code = snippetFor(application, { issuer, redirectUri })
  return (
    <Section
      title={texts.application.snippet}
      actions={<Copy value={code} label={texts.application.snippet} />}
    >
      <Code block fz="xs" className="snippet">
        {code}
      </Code>
    </Section>
  )
}

function Detail({ application }: { application: Application }) {
  const { texts } = useSpeech()
  const { issuer, endpoint } = useOutletContext<ConsoleState>()
  const navigate = useNavigate()
  const remove = useChange(applicationRoutes.deleteApplication, [applicationRoutes.listApplications])
  const machine = application.type === 'MachineToMachine'
  const confidential = machine || application.type === 'Traditional'

  async function confirmed() {
    await remove.mutateAsync({ params: { id: application.id } })
    notifications.show({ color: 'green', message: texts.application.deleted })
    void navigate('/applications')
  }

  return (
    <Page
      title={application.name}
      back={{ to: '/applications', label: texts.application.back }}
      actions={
        <Badge variant="light" color="gray" size="lg" tt="none">
          {texts.applications.types[application.type]}
        </Badge>
      }
    >
      <Section title={texts.application.credentials}>
        <CopyableValue label={texts.applications.id} value={application.id} />
        <CopyableValue label={texts.application.issuer} value={issuer} />
        <CopyableValue label={texts.application.endpoint} value={endpoint} />
        <CopyableValue
          label={texts.application.discovery}
          value={`${issuer}/.well-known/openid-configuration`}
        />
        {confidential && <Secrets applicationId={application.id} />}
        <Anchor component={Link} to={logsAddress({ application: application.id })} size="sm" w="fit-content">
          {texts.logs.ofApplication}
        </Anchor>
      </Section>
      <AddressForm application={application} />
      {!machine && <BackChannel application={application} />}
      {machine && <AdminAccess application={application} />}
      <Snippet application={application} issuer={issuer} />
      <ConfirmButton
        label={texts.application.delete}
        icon={<IconTrash size={16} />}
        title={texts.application.deleteTitle(application.name)}
        text={texts.application.deleteText}
        button={{ w: 'fit-content' }}
        onConfirm={confirmed}
      />
    </Page>
  )
}

/** /applications/:id: everything about one application. */
export function ApplicationPage() {
  const { id = '' } = useParams()
  const query = useFresh(applicationRoutes.getApplication, { params: { id } })
  return (
    <Stack>
      <Loaded query={query}>
        {application => <Detail key={application.id} application={application} />}
      </Loaded>
    </Stack>
  )
}
