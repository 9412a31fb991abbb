import { type Application, applicationRoutes } from '@countersign/api'
import { Switch } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { Problem } from '../frame/problem.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'

/** Lets a machine do what operators can; takes effect at once. */
export function AdminAccess({ application }: { application: Application }) {
  const { texts } = useSpeech()
  const update = useChange(applicationRoutes.updateApplication, [applicationRoutes.getApplication])
  // Moves with the finger; falls back when the server refuses.
  const [wanted, setWanted] = useState<boolean>()

  function change(isAdmin: boolean) {
    setWanted(isAdmin)
    update.mutate(
      { params: { id: application.id }, body: { isAdmin } },
      {
        onSuccess: () => notifications.show({ color: 'green', message: texts.application.saved }),
        onSettled: () => setWanted(undefined),
      },
    )
  }

  return (
    <Section title={texts.application.permissions}>
      <Switch
        label={texts.application.admin}
        description={texts.application.adminText}
        checked={wanted ?? application.isAdmin ?? false}
        onChange={event => change(event.currentTarget.checked)}
      />
      <Problem error={update.error} />
    </Section>
  )
}
