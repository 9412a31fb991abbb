/** Every setting once: its environment name, type, default and what it does. */
export const SETTINGS = {
  PORT: { type: 'port', default: '3001', help: 'Public port: sign-in pages, OpenID Connect, API.' },
  ADMIN_PORT: { type: 'port', default: '3002', help: "The operators' console." },
  SIMULATORS_PORT: { type: 'port', default: '3003', help: 'Inbox and clouds of the development world.' },
  SIMULATORS_URL: {
    type: 'url',
    default: '',
    help: 'Where simulators of another process listen on this machine (http://127.0.0.1:3003), in place of own ones: several servers of one database then have one inbox.',
  },
  DEMO_PORT: {
    type: 'port',
    default: '',
    help: 'Demo application of the development world; SIMULATORS_PORT + 1 when empty.',
  },
  HOST: {
    type: 'text',
    default: '',
    help: 'Address where the public port listens; in the development world 127.0.0.1, else every address, when empty.',
  },
  ADMIN_HOST: {
    type: 'text',
    default: '127.0.0.1',
    help: 'Address where the console listens. Others than this machine reach it through a proxy with TLS, or at the address given here (0.0.0.0: every one).',
  },
  ENDPOINT: {
    type: 'url',
    default: '',
    help: 'Public address as browsers see it; http://localhost:PORT when empty.',
  },
  ADMIN_ENDPOINT: {
    type: 'url',
    default: '',
    help: "The console's address as browsers see it, from whose pages alone it takes changes; http://localhost:ADMIN_PORT when empty.",
  },
  CLOUDS: {
    type: 'clouds',
    default: 'simulated',
    help: '"simulated": messages are answered by the built-in simulators and stay on this machine. "real": they go to the clouds.',
  },
  DATABASE_URL: { type: 'text', default: '', help: 'postgres://… ; empty: a SQLite file in DATA_DIR.' },
  DATA_DIR: { type: 'text', default: './data', help: 'Folder for the SQLite file and the generated key.' },
  SECRET_KEY: {
    type: 'text',
    default: '',
    help: '64 hexadecimal digits (openssl rand -hex 32) that encrypt what is secret in the database; generated into DATA_DIR/secret.key when empty.',
  },
  VAULT_KEYS: {
    type: 'text',
    default: '',
    help: 'Keys beside SECRET_KEY that encrypt what is secret in the database, with commas between: the first encrypts, all decrypt; "own" stands for that of SECRET_KEY, which is the first when empty. How to rotate them: docs/cli.md, "keys".',
  },
  TRUST_PROXY: {
    type: 'proxies',
    default: 'false',
    help: 'Whose X-Forwarded-For says the client address: "true" for one proxy before the server, the number of proxies in a row, or their networks (10.0.0.0/8,fd00::/8), which is safest; "false" for nobody. Only behind proxies that append to it.',
  },
  LOG_LEVEL: {
    type: 'level',
    default: '',
    help: 'What goes to the log, as JSON lines on standard error: "info", "warn", "error" or "silent". When empty: "warn" in the development world, else "info".',
  },
  CONNECTORS_DIR: {
    type: 'text',
    default: '',
    help: "Folder whose sub-directories are connector packages of Logto's contract, loaded at start; see docs/connector-packages.md.",
  },
  DRAIN_TIME: {
    type: 'milliseconds',
    default: '1000',
    help: 'How long the server still serves after SIGTERM while /api/health/ready says 503, in milliseconds; longer than the load balancer takes to notice',
  },
  KEEP_ALIVE_TIMEOUT: {
    type: 'milliseconds',
    default: '75000',
    help: 'How long an idle connection of a client is kept, in milliseconds; longer than load balancers keep theirs, which is mostly a minute.',
  },
  MAX_REQUESTS: {
    type: 'number',
    default: '1000',
    help: 'How many requests the public port answers at once (a quarter more from browsers in the middle of a sign-in); what comes beyond is answered 503 at once. 10 to 100000.',
  },
  SEND_TIMEOUT: {
    type: 'milliseconds',
    default: '8000',
    help: 'How long one send may take, over all its connections together, in milliseconds.',
  },
  WEBHOOK_ALLOW_PRIVATE: {
    type: 'flag',
    default: 'false',
    help: 'Let webhooks go to addresses of this machine and of private networks too; in the development world this machine is always allowed.',
  },
  REFRESH_RETRY_SECONDS: {
    type: 'seconds',
    default: '60',
    help: 'How long an application that lost the answer to a refresh may repeat it with the old refresh token, in seconds, 3 to 3600; while nobody has used the new one.',
  },
  BACKCHANNEL_ALLOW_PRIVATE: {
    type: 'flag',
    default: 'false',
    help: 'Let logout tokens (back-channel logout) go to applications on this machine and in private networks too; in the development world this machine is always allowed.',
  },
  AUDIT_RETENTION_DAYS: {
    type: 'days',
    default: '90',
    help: 'How long the audit log keeps what users, applications and operators did, in days.',
  },
  DELIVERY_RETENTION_DAYS: {
    type: 'days',
    default: '30',
    help: 'How long it is kept what became of each message, in days.',
  },
  STATUS_API_KEY: {
    type: 'text',
    default: '',
    help: 'Who sends it to /api/status as the header logto-status-api-key is told the tenant; nobody when empty.',
  },
  METRICS_PORT: {
    type: 'port',
    default: '',
    help: 'Port where Prometheus reads /metrics; see docs/metrics.md. None when empty.',
  },
  METRICS_HOST: {
    type: 'text',
    default: '127.0.0.1',
    help: 'Address where METRICS_PORT listens; others than this machine need METRICS_TOKEN.',
  },
  METRICS_TOKEN: {
    type: 'text',
    default: '',
    help: 'What Prometheus sends as bearer token, 20 characters or more that nobody can guess. Without METRICS_PORT /metrics is answered at ADMIN_PORT.',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    type: 'url',
    default: '',
    help: 'Collector of OpenTelemetry that is handed traces by OTLP over HTTP, such as http://127.0.0.1:4318; see docs/metrics.md. None when empty.',
  },
  OTEL_TRACES_SAMPLER: {
    type: 'text',
    default: 'parentbased_always_on',
    help: "Which traces are made, in OpenTelemetry's words: parentbased_always_on, parentbased_traceidratio, parentbased_always_off, always_on, traceidratio or always_off.",
  },
  OTEL_TRACES_SAMPLER_ARG: {
    type: 'number',
    default: '1',
    help: 'The share of traces that is made where the sampler goes by a ratio, 0 to 1.',
  },
  TEST_IDENTITIES: {
    type: 'switch',
    default: 'off',
    help: '"on": numbers and addresses may have a fixed code until an end date, for app-store review and automatic tests; see docs/test-identities.md.',
  },
  START_TRACE: {
    type: 'flag',
    default: 'false',
    help: 'When a start fails, print where in the program, besides the cause.',
  },
  BOOTSTRAP_CLIENT_ID: {
    type: 'text',
    default: '',
    help: 'Id of a machine-to-machine application with full management scope, made at start.',
  },
  BOOTSTRAP_CLIENT_SECRET: {
    type: 'text',
    default: '',
    help: 'Its secret, 20 characters or more that nobody can guess (openssl rand -base64 32).',
  },
} as const
