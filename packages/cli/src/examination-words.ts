import type { Localized } from '@countersign/kit'

const both = (en: string, zh: string): Localized => ({ en, 'zh-CN': zh })

/** What is found, and what to do about it. */
export interface FindingWords {
  text: Localized
  remedy?: Localized
}

/** What doctor says of users who have one number or address, in forms that are one today. */
export const ONE_FORM = {
  users: (field: string, ids: string) => both(`${field}  users ${ids}`, `${field}  用户 ${ids}`),
  byNobody: both(
    'They have it in old forms, by which nobody is found.',
    '它们都是旧格式，无法据此找到任何用户。',
  ),
  byOwner: (id: string) =>
    both(
      `Only ${id} is found by it: the others have it in an old form.`,
      `据此只能找到 ${id}：其他用户保存的是旧格式。`,
    ),
  remedy: both(
    'decide whose each is, and take it from the others, as PATCH /api/users/<id> does with null.',
    '请确认其归属，并从其他用户处移除（PATCH /api/users/<id>，值为 null）。',
  ),
  next: both(
    'The next start of the server gives it to the one who keeps it.',
    '服务器下次启动时会将其归给保留它的用户。',
  ),
  fine: both('No two users have one phone number or e-mail address.', '没有两个用户使用同一个手机号或邮箱。'),
  toRewrite: (count: number) =>
    both(
      `The next start of the server brings those of ${count} users into their form of today.`,
      `服务器下次启动时会将 ${count} 个用户的号码或邮箱改为当前格式。`,
    ),
}

/** What doctor says of each finding; values stand in braces. */
export const FINDINGS = {
  'database.reached': { text: both('{place} answers.', '{place} 可以访问。') },
  'migrations.done': { text: both('The tables are those of this version.', '表结构与当前版本一致。') },
  'migrations.due': {
    text: both(
      'Migrations are due ({count}): the tables are those of an earlier version, so connections and users were not looked at.',
      '有 {count} 个迁移待执行：表结构属于较早的版本，因此未检查连接和用户。',
    ),
    remedy: both(
      'Take a backup, then run countersign migrate, or start the server, which does the same.',
      '先备份，然后执行 countersign migrate；启动服务器也会自动执行。',
    ),
  },
  'key.fits': { text: both('The secret key opens what is sealed.', '密钥可以解开已加密的内容。') },
  'key.wrong': {
    text: both('The secret key does not fit: {reason}', '密钥不符：{reason}'),
    remedy: both(
      'Put back the secret.key, or SECRET_KEY, with which the server ran.',
      '请恢复服务器运行时使用的 secret.key 或 SECRET_KEY。',
    ),
  },
  'key.readable': {
    text: both('{file} can be read by other users of this machine.', '本机的其他用户可以读取 {file}。'),
    remedy: both('chmod 600 {file}', 'chmod 600 {file}'),
  },
  'clock.agrees': { text: both("The clock agrees with the database's.", '本机时钟与数据库一致。') },
  'clock.off': {
    text: both(
      "The clock differs from the database's by {seconds} seconds: codes and tokens end too early or too late.",
      '本机时钟与数据库相差 {seconds} 秒：验证码和令牌会过早或过晚失效。',
    ),
    remedy: both('Let NTP set both clocks.', '请用 NTP 校准两边的时钟。'),
  },
  'nodes.alike': {
    text: both(
      'All that is connected to the database is of one version.',
      '连接到数据库的所有进程版本一致。',
    ),
  },
  'nodes.differ': {
    text: both(
      'Servers of several versions are connected to the database; their newest migrations: {versions}.',
      '有多个版本的服务器连接到数据库，各自最新的迁移为：{versions}。',
    ),
    remedy: both(
      'During a rollout this is as it should be. Afterwards end those of the version before.',
      '滚动升级期间属正常现象。升级后请停止旧版本的服务器。',
    ),
  },
  'disk.enough': { text: both('{free} MiB are free for {folder}.', '{folder} 可用空间 {free} MiB。') },
  'disk.low': {
    text: both('Only {free} MiB are free for {folder}.', '{folder} 仅剩 {free} MiB 可用空间。'),
    remedy: both(
      'Free some space, or keep less (AUDIT_RETENTION_DAYS, DELIVERY_RETENTION_DAYS).',
      '请清理空间，或缩短保留期限（AUDIT_RETENTION_DAYS、DELIVERY_RETENTION_DAYS）。',
    ),
  },
  'disk.network': {
    text: both(
      '{file} lies on a file system of another machine, whose locks SQLite cannot rely on.',
      '{file} 位于网络文件系统上，SQLite 无法依赖其文件锁。',
    ),
    remedy: both(
      'Put DATA_DIR on a disk of this machine, or use PostgreSQL.',
      '请将 DATA_DIR 放到本机磁盘，或使用 PostgreSQL。',
    ),
  },
  'clouds.simulated': {
    text: both(
      'Development world: messages stay on this machine, and no provider is asked (CLOUDS=simulated).',
      '开发环境：消息不会离开本机，也不会询问服务商（CLOUDS=simulated）。',
    ),
  },
  'address.fine': { text: both('{setting} is {address}.', '{setting} 为 {address}。') },
  'address.local': {
    text: both(
      '{setting} is {address}: only this machine finds it.',
      '{setting} 为 {address}：只有本机可以访问。',
    ),
    remedy: both('Set it to the address that browsers see.', '请设置为浏览器所见的地址。'),
  },
  'address.plain': {
    text: both(
      '{setting} is {address}: passwords and codes travel in clear.',
      '{setting} 为 {address}：密码和验证码以明文传输。',
    ),
    remedy: both(
      'Put a proxy with TLS before the server, and set {setting} to its https address.',
      '请在服务器前设置启用 TLS 的代理，并将 {setting} 设为其 https 地址。',
    ),
  },
  'proxy.trusted': {
    text: both(
      'The proxy before the server says who asks (TRUST_PROXY).',
      '由前置代理提供客户端地址（TRUST_PROXY）。',
    ),
  },
  'proxy.untrusted': {
    text: both(
      'ENDPOINT is https, so a proxy stands before the server, but none is trusted: all visitors count as one address.',
      'ENDPOINT 为 https，说明服务器前有代理，但未信任任何代理：所有访问者会被当作同一个地址。',
    ),
    remedy: both(
      'Set TRUST_PROXY to the networks of your proxies, or to true for one that appends to X-Forwarded-For.',
      '请将 TRUST_PROXY 设为代理所在网段；若仅有一个会追加 X-Forwarded-For 的代理，可设为 true。',
    ),
  },
  'server.ready': { text: both('The server at {address} is ready.', '{address} 的服务器已就绪。') },
  'server.unready': {
    text: both('What answers at {address} is not ready ({status}).', '{address} 的服务未就绪（{status}）。'),
    remedy: both(
      'Read {address}/api/health/ready, which names what is in the way, and see that the proxy leads to the server.',
      '请查看 {address}/api/health/ready 中给出的原因，并确认代理指向该服务器。',
    ),
  },
  'server.silent': {
    text: both('Nobody answers at {address} ({reason}).', '{address} 没有响应（{reason}）。'),
    remedy: both(
      'Start the server, and the proxy before it; or, where this machine may not reach that address, leave this out with --offline.',
      '请启动服务器及其前面的代理；若本机无法访问该地址，可用 --offline 跳过此项。',
    ),
  },
  'server.nameless': {
    text: both(
      'This machine finds no address of {address} in DNS ({reason}).',
      '本机在 DNS 中查不到 {address} 的地址（{reason}）。',
    ),
    remedy: both(
      'Make the DNS record, to the proxy; or, where only this machine cannot see it, leave this out with --offline.',
      '请添加指向代理的 DNS 记录；若只是本机查不到，可用 --offline 跳过此项。',
    ),
  },
  'server.untrusted': {
    text: both(
      'The certificate of {address} is not trusted by this machine ({reason}).',
      '本机不信任 {address} 的证书（{reason}）。',
    ),
    remedy: both(
      'See that it has not ended, names the host, and that the proxy hands out the whole chain (fullchain.pem). Where an authority of your own has signed it, name its certificate in NODE_EXTRA_CA_CERTS.',
      '请确认证书未过期、包含该域名，且代理给出完整的证书链（fullchain.pem）。若由自建 CA 签发，请用 NODE_EXTRA_CA_CERTS 指定 CA 证书。',
    ),
  },
  'connection.unasked': {
    text: both('The provider could not be asked ({reason}).', '无法询问服务商（{reason}）。'),
    remedy: both(
      'Look at the network, and at the settings of the connection in the console.',
      '请检查网络，以及控制台中该连接的设置。',
    ),
  },
} as const satisfies Record<string, FindingWords>
