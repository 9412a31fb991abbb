import { type Application, applicationRoutes } from '@countersign/api'
import { Switch } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Problem } from '../frame/problem.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'

/** Lets a machine do what operators can; takes effect at once. */
export function AdminAccess({ application }: { application: Application }) {
  const { texts } = useSpeech()
  const update = useChange(applicationRoutes.updateApplication, [applicationRoutes.getApplication])
  return (
    <Section title={texts.application.admin}>
      <Switch
        label={texts.application.admin}
        description={texts.application.adminText}
        checked={application.isAdmin ?? false}
        disabled={update.isPending}
        onChange={event =>
          update.mutate(
            { params: { id: application.id }, body: { isAdmin: event.currentTarget.checked } },
            { onSuccess: () => notifications.show({ color: 'green', message: texts.application.saved }) },
          )
        }
      />
      <Problem error={update.error} />
    </Section>
  )
}
