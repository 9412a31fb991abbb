import type { RouteObject } from 'react-router'
import { Crash } from './frame/crash.tsx'
import { Shell } from './frame/shell.tsx'
import { ApplicationPage } from './pages/application.tsx'
import { ApplicationsPage } from './pages/applications.tsx'
import { ConnectorsPage } from './pages/connectors.tsx'
import { CostsPage } from './pages/costs.tsx'
import { DeliveriesPage } from './pages/deliveries.tsx'
import { EmailTemplatePage } from './pages/email-template.tsx'
import { EmailTemplatesPage } from './pages/email-templates.tsx'
import { HomePage } from './pages/home.tsx'
import { KeysPage } from './pages/keys.tsx'
import { LogPage } from './pages/log.tsx'
import { LogsPage } from './pages/logs.tsx'
import { NewWebhookPage } from './pages/new-webhook.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { OperatorsPage } from './pages/operators.tsx'
import { ProtectionPage } from './pages/protection.tsx'
import { SentencesPage } from './pages/sentences.tsx'
import { SetPasswordPage } from './pages/set-password.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { SignInExperiencePage } from './pages/sign-in-experience.tsx'
import { TestIdentitiesPage } from './pages/test-identities.tsx'
import { UserPage } from './pages/user.tsx'
import { UsersPage } from './pages/users.tsx'
import { WebhookPage } from './pages/webhook.tsx'
import { WebhooksPage } from './pages/webhooks.tsx'
import { WelcomePage } from './pages/welcome.tsx'

/** The site map. */
export const routes: RouteObject[] = [
  {
    ErrorBoundary: Crash,
    HydrateFallback: () => null,
    children: [
      { path: '/welcome', Component: WelcomePage },
      { path: '/sign-in', Component: SignInPage },
      { path: '/set-password', Component: SetPasswordPage },
      {
        Component: Shell,
        children: [
          { path: '/', Component: HomePage },
          { path: '/connectors', Component: ConnectorsPage },
          {
            path: '/connectors/:id',
            // Brings the JSON editor and the Markdown renderer, which no other page needs.
            lazy: async () => ({ Component: (await import('./pages/connector.tsx')).ConnectorPage }),
          },
          { path: '/sign-in-experience', Component: SignInExperiencePage },
          { path: '/sign-in-experience/texts', Component: SentencesPage },
          { path: '/sign-in-experience/email-templates', Component: EmailTemplatesPage },
          { path: '/sign-in-experience/email-templates/:id', Component: EmailTemplatePage },
          { path: '/applications', Component: ApplicationsPage },
          { path: '/applications/:id', Component: ApplicationPage },
          { path: '/users', Component: UsersPage },
          { path: '/users/:id', Component: UserPage },
          { path: '/test-identities', Component: TestIdentitiesPage },
          { path: '/deliveries', Component: DeliveriesPage },
          { path: '/costs', Component: CostsPage },
          { path: '/protection', Component: ProtectionPage },
          { path: '/logs', Component: LogsPage },
          { path: '/logs/:id', Component: LogPage },
          { path: '/webhooks', Component: WebhooksPage },
          { path: '/webhooks/new', Component: NewWebhookPage },
          { path: '/webhooks/:id', Component: WebhookPage },
          { path: '/keys', Component: KeysPage },
          { path: '/operators', Component: OperatorsPage },
          { path: '*', Component: NotFoundPage },
        ],
      },
    ],
  },
]
