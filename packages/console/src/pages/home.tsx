import {
  applicationRoutes,
  type CatalogEntry,
  type ConsoleState,
  consoleRoutes,
  signInExperienceRoutes,
  userRoutes,
} from '@countersign/api'
import {
  Badge,
  Button,
  Card,
  Group,
  Progress,
  SimpleGrid,
  Stack,
  Text,
  ThemeIcon,
  Title,
} from '@mantine/core'
import { IconCheck, IconDeviceMobileMessage, IconExternalLink, IconLogin2 } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, useOutletContext } from 'react-router'
import { CopyableValue } from '../frame/copyable.tsx'
import { Loaded, together } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { usePage, useRoute } from '../queries.ts'

interface StepProps {
  number: number
  done: boolean
  title: string
  text: string
  action: { to: string; label: string }
  children?: ReactNode
}

function Step({ number, done, title, text, action, children }: StepProps) {
  const { texts } = useSpeech()
  return (
    <Card component="li" withBorder padding="md" style={{ listStyle: 'none' }}>
      <Group align="flex-start" wrap="nowrap">
        <ThemeIcon
          radius="xl"
          size={30}
          variant={done ? 'filled' : 'light'}
          color={done ? 'signet' : 'gray'}
          role="img"
          aria-label={done ? texts.home.done : texts.home.open}
        >
          {done ? <IconCheck size={18} /> : <Text size="sm">{number}</Text>}
        </ThemeIcon>
        <Group flex={1} justify="space-between" gap="sm">
          <Stack gap={4} miw={0} flex="1 1 16rem">
            <Title order={2} size="h5">
              {title}
            </Title>
            <Text size="sm" c="dimmed">
              {text}
            </Text>
            {children}
          </Stack>
          <Button component={Link} to={action.to} variant={done ? 'subtle' : 'light'} size="xs">
            {action.label}
          </Button>
        </Group>
      </Group>
    </Card>
  )
}

function Channel({ label, entry }: { label: string; entry?: CatalogEntry }) {
  const { texts, pick } = useSpeech()
  return (
    <Badge variant={entry ? 'light' : 'outline'} color={entry ? 'signet' : 'gray'} tt="none">
      {label}: {entry ? pick(entry.name) : texts.connectors.notSetUp}
    </Badge>
  )
}

function World({ state }: { state: ConsoleState }) {
  const { texts } = useSpeech()
  const doors = [
    { url: state.demoUrl, title: texts.home.demo, text: texts.home.demoText, action: texts.home.demoAction },
    {
      url: state.inboxUrl,
      title: texts.home.inbox,
      text: texts.home.inboxText,
      action: texts.home.inboxAction,
    },
  ]
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {doors.map(({ url, title, text, action }) =>
        url ? (
          <Section key={title} title={title} text={text}>
            <Button
              component="a"
              href={url}
              target="_blank"
              rel="noreferrer"
              variant="light"
              w="fit-content"
              leftSection={
                title === texts.home.demo ? <IconLogin2 size={18} /> : <IconDeviceMobileMessage size={18} />
              }
              rightSection={<IconExternalLink size={14} aria-label={texts.common.opensNewTab} />}
            >
              {action}
            </Button>
          </Section>
        ) : null,
      )}
    </SimpleGrid>
  )
}

/** /: what is done, what comes next. */
export function HomePage() {
  const { texts } = useSpeech()
  const state = useOutletContext<ConsoleState>()
  const query = together({
    catalog: useRoute(consoleRoutes.listCatalog),
    experience: useRoute(signInExperienceRoutes.getSignInExperience),
    applications: useRoute(applicationRoutes.listApplications),
    users: usePage(userRoutes.listUsers, { query: { page_size: '1' } }),
  })
  return (
    <Page title={texts.home.title} intro={texts.home.intro}>
      <Loaded query={query}>
        {({ catalog, experience, applications, users }) => {
          const used = (channel: CatalogEntry['channel']) =>
            catalog.find(entry => entry.channel === channel && entry.connectionId)
          const connected = Boolean(used('sms') || used('email'))
          const enabled = experience.signIn.methods.some(method => method.verificationCode)
          // The demo application comes with the development world; it is not the operator's own.
          const { demoUrl } = state
          const own = applications.filter(
            ({ oidcClientMetadata: { redirectUris } }) =>
              !demoUrl || !redirectUris.some(uri => uri.startsWith(demoUrl)),
          )
          const registered = own.length > 0 || users.total > 0
          const done = [connected, enabled, registered, users.total > 0]
          const count = done.filter(Boolean).length
          return (
            <Stack gap="lg">
              <Stack gap="xs">
                <Group gap="sm">
                  <Progress
                    value={(count / done.length) * 100}
                    flex={1}
                    aria-label={texts.home.progress(count, done.length)}
                  />
                  <Text size="sm" c="dimmed">
                    {texts.home.progress(count, done.length)}
                  </Text>
                </Group>
                <Stack component="ol" gap="sm" m={0} p={0}>
                  <Step
                    number={1}
                    done={connected}
                    title={texts.home.connect}
                    text={texts.home.connectText}
                    action={{ to: '/connectors', label: texts.home.connectAction }}
                  >
                    <Group gap="xs" mt={4}>
                      <Channel label={texts.home.sms} entry={used('sms')} />
                      <Channel label={texts.home.email} entry={used('email')} />
                    </Group>
                  </Step>
                  <Step
                    number={2}
                    done={enabled}
                    title={texts.home.enable}
                    text={texts.home.enableText}
                    action={{ to: '/sign-in-experience', label: texts.home.enableAction }}
                  />
                  <Step
                    number={3}
                    done={registered}
                    title={texts.home.application}
                    text={state.demoUrl ? texts.home.applicationText : texts.home.applicationTextReal}
                    action={{ to: '/applications', label: texts.home.applicationAction }}
                  />
                  <Step
                    number={4}
                    done={users.total > 0}
                    title={texts.home.user}
                    text={texts.home.userText}
                    action={{ to: '/users', label: texts.home.userAction }}
                  />
                </Stack>
              </Stack>
              <World state={state} />
              <Section title={texts.home.addresses}>
                <CopyableValue label={texts.home.endpoint} value={state.endpoint} />
                <CopyableValue label={texts.home.issuer} value={state.issuer} />
              </Section>
            </Stack>
          )
        }}
      </Loaded>
    </Page>
  )
}
