import { escapeHtml } from '../inbox/html.ts'
import type { RobotMessage } from './robots.ts'

/** The page of what robots wrote into groups, newest first. */
export function robotsPage(messages: readonly RobotMessage[]): string {
  const items = messages.map(
    ({ service, robot, text, at }) =>
      `<li><p><b>${escapeHtml(service)}</b> ${escapeHtml(robot)} <time>${new Date(at).toISOString()}</time></p><pre>${escapeHtml(text)}</pre></li>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Groups</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
ul { list-style: none; padding: 0 } li { border: 1px solid #8886; border-radius: 8px; padding: 0 1rem; margin: 0 0 1rem }
pre { white-space: pre-wrap; overflow-wrap: anywhere } time { opacity: .7 }
</style>
<h1>Groups</h1>
<p>What robots of DingTalk, WeCom, Feishu and Slack wrote. Nothing left this machine. <a href="/inbox">Inbox</a></p>
<ul>${items.join('') || '<li><p>Nothing yet.</p></li>'}</ul>
</html>
`
}
